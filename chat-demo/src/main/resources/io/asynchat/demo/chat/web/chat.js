// The page of the chat. It shows text by textContent only, so that no message can become markup.
// Longer than other files: one script needs no build step.
'use strict';

const VERSION = 1; // of the events: docs/chat-web.md
const MAX_SHOWN = 500; // messages
const PROBE_MILLIS = 30_000; // between two questions for the rooms, which show too that the server is there
const SILENCE_MILLIS = 8_000; // without any event after a question or a line: the connection is lost
const NAME_PATIENCE = 8; // logins, until a name that is taken is asked for again: a lost session may still hold it

const byId = (id) => document.getElementById(id);
const view = {
  chat: byId('chat'), connection: byId('connection'), retry: byId('retry'), leave: byId('leave'),
  login: byId('login'), name: byId('name'), problem: byId('login-problem'),
  room: byId('room'), roomName: byId('room-name'), people: byId('people'), log: byId('log'), newest: byId('newest'),
  waiting: byId('waiting'), compose: byId('compose'), line: byId('line'),
  members: byId('members'), memberCount: byId('member-count'), rooms: byId('rooms'),
  open: byId('open'), newRoom: byId('new-room'),
};

// ---- what is kept when the page is reloaded

const KEY = 'chat';
const saved = JSON.parse(sessionStorage.getItem(KEY) || '{}');
sessionStorage.removeItem(KEY); // or a copy of this tab would speak under the same numbers

const me = {
  client: saved.client || randomId(),
  token: saved.token || '', // resumes the session
  name: saved.name || '',
  room: saved.room || '',
  next: saved.next || 1, // number of a line
  waiting: [], // lines that the server has not acknowledged, in order: {n, text, item}
};

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function save() {
  const waiting = me.waiting.map(({ n, text }) => ({ n, text }));
  const { client, token, name, room, next } = me;
  sessionStorage.setItem(KEY, JSON.stringify({ client, token, name, room, next, waiting }));
}

// ---- the connection

let socket = null;
let loggedIn = false;
let ready = false; // logged in, and in the room: lines are sent
let resuming = false; // the session; else it is a login
let expectedRoom = ''; // to which the page goes back after a login
let gap = false; // is to be shown before the next history
let leaving = false;
let moved = false; // to another tab
let attempts = 0; // to connect, since the last success
let nameAttempts = 0;
let retryTimer = 0;
let silenceTimer = 0;

function connect() {
  clearTimeout(retryTimer);
  moved = false;
  say('Connecting …', false);
  const url = new URL('chat', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  const own = new WebSocket(url);
  socket = own;
  own.onmessage = (message) => {
    if (own === socket) {
      clearTimeout(silenceTimer);
      receive(JSON.parse(message.data));
    }
  };
  own.onclose = () => {
    if (own === socket) {
      lost();
    }
  };
  awaitEvent();
}

/** The server must send something soon, or the connection is lost: a broken way is silent. */
function awaitEvent() {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => {
    socket.close();
    lost();
  }, SILENCE_MILLIS);
}

function lost() {
  socket = null;
  loggedIn = false;
  ready = false;
  clearTimeout(silenceTimer);
  me.waiting.forEach(showWaiting);
  if (leaving) {
    leaving = false;
    Object.assign(me, { token: '', name: '', room: '', waiting: [] });
    view.waiting.replaceChildren();
    view.log.replaceChildren();
    lastId = '';
    showLogin('');
    connect();
  } else if (moved) {
    say('The chat goes on in another tab.', true, 'Go on here');
  } else {
    const seconds = Math.min(15, 0.5 * 2 ** attempts++) * (0.75 + Math.random() / 2);
    const typed = me.name ? ' What you type waits.' : '';
    say(`Offline, trying again in ${Math.ceil(seconds)} s.${typed}`, true, 'Try now');
    retryTimer = setTimeout(connect, seconds * 1000);
  }
}

function reconnectNow() {
  if (!socket && !moved) {
    connect();
  }
}

function send(event) {
  socket.send(JSON.stringify(event));
}

/** Sends a command that need not be sent again; it has no number, and no acknowledgement. */
function ask(command) {
  if (loggedIn) {
    send({ t: 'line', n: 0, text: command });
    awaitEvent();
  }
}

function say(words, offline, action) {
  view.connection.textContent = words;
  document.body.classList.toggle('offline', offline);
  view.retry.hidden = !action;
  view.retry.textContent = action || '';
}

// ---- events of the server

const receivers = {
  welcome({ v, chat }) {
    if (v !== VERSION) {
      reload();
      return;
    }
    sessionStorage.removeItem('reloaded');
    view.chat.textContent = chat;
    attempts = 0;
    resuming = me.token !== '';
    const resume = resuming ? { token: me.token, after: lastId } : undefined;
    send({ t: 'hello', v: VERSION, client: me.client, resume });
    if (!resuming) {
      logIn();
    }
  },

  refused({ n, reason, text }) {
    if (loggedIn) {
      const line = forget(n);
      note(text);
      if (line && view.line.value === '') {
        view.line.value = typedForm(line.text);
      }
    } else if (reason === 'unknown-token') {
      me.token = '';
      resuming = false;
      logIn();
    } else if (reason === 'name-taken' && me.room && nameAttempts++ < NAME_PATIENCE) {
      say(`Waiting for the name ${me.name} to become free …`, true);
      setTimeout(() => socket && !loggedIn && logIn(), 2000);
    } else {
      me.name = '';
      showLogin(text);
    }
  },

  loggedin({ name, token, last }) {
    Object.assign(me, { name, token, next: Math.max(me.next, last + 1) });
    me.waiting.filter(({ n }) => n <= last).forEach(({ n }) => forget(n)); // they were said, but the answer was lost
    expectedRoom = resuming ? '' : me.room;
    loggedIn = true;
    nameAttempts = 0;
    say(`Connected as ${name}.`, false);
    view.login.hidden = true;
    view.room.hidden = false;
    view.leave.hidden = false;
  },

  room({ name, members, history }) {
    if (expectedRoom && name !== expectedRoom) {
      ask(`join ${expectedRoom}`);
      expectedRoom = '';
      return;
    }
    expectedRoom = '';
    showRoom(name, members, history);
    ask('rooms');
    if (!ready) {
      ready = true;
      me.waiting.forEach(transmit);
    }
  },

  gap() { gap = true; },
  said(event) { showMessage(event, 'said'); },
  action(event) { showMessage(event, 'action'); },
  tell(event) { showMessage({ name: me.name, ...event }, 'tell private'); },

  enter({ name, time }) {
    members.add(name);
    showMembers();
    note(`${name} has entered the room.`, time);
  },

  leave({ name, time }) {
    members.delete(name);
    showMembers();
    note(`${name} has left the room.`, time);
  },

  ack({ n }) { forget(n); },

  list({ of, heading, names }) {
    if (of === 'rooms') {
      showRooms(names);
    }
    if (of !== 'rooms' || asked.delete('rooms')) {
      note(`${heading}\n${names.join('\n')}`);
    }
  },

  notice({ text }) { note(text); },

  bye({ reason, text }) {
    moved = reason === 'resumed';
    note(text);
  },
};

function receive(event) {
  if (Object.hasOwn(receivers, event.t)) {
    receivers[event.t](event);
  }
}

/** The server has another version than the page: reloads it, once. */
function reload() {
  if (sessionStorage.getItem('reloaded')) {
    say('This page and the server have different versions: reload it.', true);
    socket.onclose = null;
    socket.close();
    return;
  }
  sessionStorage.setItem('reloaded', 'yes');
  location.reload();
}

function logIn() {
  if (me.name) {
    send({ t: 'login', name: me.name });
  } else {
    clearTimeout(silenceTimer);
    showLogin('');
  }
}

function showLogin(problem) {
  say('Connected.', false);
  view.problem.textContent = problem;
  view.room.hidden = true;
  view.leave.hidden = true;
  view.login.hidden = false;
  view.name.focus();
}

// ---- lines

const asked = new Set(); // commands of the user's whose answer is shown

/** What is typed is said; a command begins with a slash. */
function commandOf(typed) {
  return typed.startsWith('/') && !typed.startsWith('//') ? typed.slice(1) : `say ${typed.replace(/^\/\//, '/')}`;
}

function typedForm(command) {
  return command.startsWith('say ') ? command.slice(4).replace(/^\//, '//') : `/${command}`;
}

function submit(command) {
  const line = { n: me.next++, text: command, item: null };
  me.waiting.push(line);
  if (command === 'rooms') {
    asked.add('rooms');
  }
  if (!ready) {
    showWaiting(line);
    return;
  }
  setTimeout(() => me.waiting.includes(line) && showWaiting(line), 400);
  transmit(line);
}

function transmit(line) {
  leaving ||= line.text === 'logout';
  send({ t: 'line', n: line.n, text: line.text });
  awaitEvent();
}

/** The line is acknowledged, or refused. */
function forget(n) {
  const line = me.waiting.find((each) => each.n === n);
  me.waiting = me.waiting.filter((each) => each !== line);
  line?.item?.remove();
  return line;
}

function showWaiting(line) {
  if (!line.item) {
    line.item = element('li', typedForm(line.text), '');
    line.item.dir = 'auto';
    view.waiting.append(line.item);
  }
}

// ---- the log

let lastId = ''; // of the last message of the room
let lastDay = '';
let unread = 0;
let marker = null; // before the first message that is not read
const members = new Set();
const rooms = [];

function element(tag, text, classes) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = classes;
  return made;
}

function showRoom(name, names, history) {
  const same = name === me.room && view.log.childElementCount > 0;
  let missed = history;
  if (!same) {
    view.log.setAttribute('aria-live', 'off');
    view.log.replaceChildren();
    lastId = '';
    lastDay = '';
    clearUnread();
  } else if (!resuming && lastId) {
    const known = history.findIndex(({ id }) => id === lastId);
    gap = known < 0;
    missed = history.slice(known + 1);
  }
  if (gap && same) {
    append(element('p', 'Messages may be missing here.', 'marker gap'));
  }
  gap = false;
  resuming = false;
  me.room = name;
  view.roomName.textContent = name;
  members.clear();
  names.forEach((each) => members.add(each));
  showMembers();
  missed.forEach((event) => showMessage(event, event.t, !same));
  if (!same) {
    scrollToNewest();
    setTimeout(() => view.log.setAttribute('aria-live', 'polite'), 100); // the history is not read aloud
    view.line.focus();
  }
}

/** Returns whether an id is of a message that is shown already: position and index grow within an epoch. */
function isRepeated(id) {
  const [epoch, ...place] = id.split('-');
  const [lastEpoch, ...last] = lastId.split('-');
  if (epoch !== lastEpoch) {
    return false;
  }
  const difference = BigInt(place[0]) - BigInt(last[0]) || BigInt(place[1]) - BigInt(last[1]);
  return difference <= 0n;
}

function showMessage({ id, time, name, to, text }, kind, isHistory) {
  const inRoom = kind === 'said' || kind === 'action';
  const repeated = inRoom && lastId !== '' && isRepeated(id); // an answer to /history
  const message = element('div', '', `message ${kind}`);
  message.classList.toggle('repeated', repeated);
  message.classList.toggle('mention', name !== me.name && mentionsMe(text));
  const when = new Date(time);
  const clock = element('time', when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }), '');
  clock.dateTime = when.toISOString();
  clock.title = when.toLocaleString();
  const who = element('bdi', to ? `${name} → ${to}` : name, `name ${colour(name)}`);
  const words = element('span', text, 'text');
  words.dir = 'auto';
  message.append(clock, ' ', who, ' ', words);
  if (!repeated) {
    showDay(when);
    if (!isHistory && name !== me.name) {
      countUnread();
    }
    lastId = inRoom ? id : lastId;
  }
  append(message);
}

function note(text, time) {
  const event = element('p', text, 'event');
  event.dir = 'auto';
  if (time) {
    event.title = new Date(time).toLocaleString();
  }
  append(event);
}

function showDay(when) {
  const day = when.toLocaleDateString([], { dateStyle: 'full' });
  if (day !== lastDay) {
    lastDay = day;
    append(element('p', day, 'day'));
  }
}

/** Appends to the log, which stays where the reader is unless that is at its end. */
function append(child) {
  const following = isAtNewest();
  view.log.append(child);
  while (view.log.childElementCount > MAX_SHOWN) {
    view.log.firstElementChild.remove();
  }
  if (following) {
    scrollToNewest();
  } else {
    view.newest.hidden = false;
  }
}

function isAtNewest() {
  const { scrollHeight, scrollTop, clientHeight } = view.log;
  return scrollHeight - scrollTop - clientHeight < 48;
}

function scrollToNewest() {
  view.log.scrollTop = view.log.scrollHeight;
  view.newest.hidden = true;
}

function isReading() {
  return document.visibilityState === 'visible' && document.hasFocus() && isAtNewest();
}

function countUnread() {
  if (isReading()) {
    return;
  }
  if (unread++ === 0) {
    marker?.remove();
    marker = element('p', 'New messages', 'marker');
    append(marker);
  }
  showTitle();
}

/** What was not read is read now; the marker stays until there is another. */
function clearUnread() {
  unread = 0;
  showTitle();
}

function showTitle() {
  const place = me.room ? `${me.room} · ${view.chat.textContent}` : view.chat.textContent;
  document.title = unread ? `(${unread}) ${place}` : place;
  view.newest.textContent = unread ? `${unread} new ${unread === 1 ? 'message' : 'messages'}` : 'Newest messages';
}

function mentionsMe(text) {
  const name = me.name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}

function colour(name) {
  let hash = 0;
  for (const character of name) {
    hash = (hash * 31 + character.codePointAt(0)) % 1_000_003;
  }
  return `c${hash % 8}`;
}

// ---- people and rooms

function showMembers() {
  view.memberCount.textContent = `(${members.size})`;
  view.members.replaceChildren(...Array.from(members, (name) => {
    const item = element('li', '', '');
    item.append(element('bdi', name, colour(name)));
    if (name === me.name) {
      item.append(' (you)');
    }
    return item;
  }));
}

function showRooms(names) {
  rooms.splice(0, rooms.length, ...names);
  const focused = view.rooms.contains(document.activeElement) ? document.activeElement.textContent : null;
  view.rooms.replaceChildren(...names.map((name) => {
    const item = document.createElement('li');
    const button = element('button', '', '');
    button.type = 'button';
    button.append(element('bdi', name, ''));
    if (name === me.room) {
      button.setAttribute('aria-current', 'true');
    }
    button.onclick = () => goTo(name);
    item.append(button);
    return item;
  }));
  Array.from(view.rooms.querySelectorAll('button')).find((button) => button.textContent === focused)?.focus();
}

function goTo(room) {
  submit(room === 'main' ? 'leave' : `join ${room}`);
  showPeople(false);
}

function showPeople(shown) {
  view.room.classList.toggle('people', shown);
  view.people.setAttribute('aria-expanded', String(shown));
  view.people.textContent = shown ? 'Back to the talk' : 'People and rooms';
  if (!shown) {
    scrollToNewest();
  }
}

// ---- completion

let completion = null; // the candidates, which of them is shown, where its word begins and what follows the caret

function complete(event) {
  const { value, selectionStart } = view.line;
  if (!completion || completion.end !== selectionStart) {
    const start = value.lastIndexOf(' ', selectionStart - 1) + 1;
    const prefix = value.slice(start, selectionStart).toLocaleLowerCase();
    const from = value.startsWith('/join ') ? rooms : Array.from(members).filter((name) => name !== me.name);
    const matches = prefix ? from.filter((name) => name.toLocaleLowerCase().startsWith(prefix)) : [];
    if (matches.length === 0) {
      return; // Tab moves the focus
    }
    completion = { matches, index: -1, start, rest: value.slice(selectionStart), end: 0 };
  }
  event.preventDefault();
  completion.index = (completion.index + 1) % completion.matches.length;
  const word = completion.matches[completion.index] + (completion.start === 0 ? ': ' : ' ');
  view.line.value = value.slice(0, completion.start) + word + completion.rest;
  completion.end = completion.start + word.length;
  view.line.setSelectionRange(completion.end, completion.end);
}

// ---- what the user does

let lastTyped = '';

view.login.onsubmit = (event) => {
  event.preventDefault();
  me.name = view.name.value.trim();
  view.problem.textContent = '';
  if (socket?.readyState === WebSocket.OPEN && me.name) {
    logIn();
    awaitEvent();
  }
};

view.compose.onsubmit = (event) => {
  event.preventDefault();
  const typed = view.line.value;
  if (typed.trim() !== '') {
    lastTyped = typed;
    view.line.value = '';
    scrollToNewest();
    clearUnread();
    submit(commandOf(typed));
  }
};

view.line.onkeydown = (event) => {
  if (event.key === 'Tab' && !event.shiftKey && !event.ctrlKey && !event.altKey) {
    complete(event);
    return;
  }
  completion = null;
  if (event.key === 'ArrowUp' && view.line.value === '') {
    event.preventDefault();
    view.line.value = lastTyped;
  } else if (event.key === 'PageUp' || event.key === 'PageDown') {
    event.preventDefault();
    view.log.scrollBy(0, (event.key === 'PageUp' ? -0.9 : 0.9) * view.log.clientHeight);
  }
};

view.open.onsubmit = (event) => {
  event.preventDefault();
  const room = view.newRoom.value.trim();
  view.newRoom.value = '';
  if (room) {
    goTo(room);
    view.line.focus();
  }
};

let following = true; // the newest messages are seen
new ResizeObserver(() => following && scrollToNewest()).observe(view.log);

view.log.onscroll = () => {
  following = isAtNewest();
  if (following) {
    view.newest.hidden = true;
    if (isReading()) {
      clearUnread();
    }
  }
};

view.newest.onclick = () => {
  scrollToNewest();
  clearUnread();
  view.line.focus();
};

view.people.onclick = () => showPeople(view.people.getAttribute('aria-expanded') === 'false');
view.leave.onclick = () => submit('logout');
view.retry.onclick = connect;

window.addEventListener('online', reconnectNow);
window.addEventListener('focus', () => isReading() && clearUnread());
window.addEventListener('pagehide', save);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') {
    save();
  } else {
    sessionStorage.removeItem(KEY);
    reconnectNow();
    ask('rooms');
    if (isReading()) {
      clearUnread();
    }
  }
});
setInterval(() => ask('rooms'), PROBE_MILLIS);

(saved.waiting || []).forEach(({ n, text }) => {
  const line = { n, text, item: null };
  me.waiting.push(line);
  showWaiting(line);
});
connect();

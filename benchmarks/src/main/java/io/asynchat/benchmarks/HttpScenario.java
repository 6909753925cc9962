package io.asynchat.benchmarks;

/** Requests that wrk sends, as its Lua script, and the goal: a ratio to Netty's codec. */
enum HttpScenario {
    GET("keep-alive GET", "", "≥ 1.6, ≥ nginx"),
    PIPELINED(
            "16 pipelined",
            "init = function() local r = {}; for i = 1, 16 do r[i] = wrk.format() end;"
                    + " all = table.concat(r) end; request = function() return all end",
            "≥ 3.0"),
    FORM(
            "form POST",
            "wrk.method = 'POST'; wrk.body = '" + HttpPage.FORM
                    + "'; wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'",
            "≥ 1.3"),
    CLOSE("one connection a request", "wrk.headers['Connection'] = 'close'", "≥ 1.0");

    private final String title;
    private final String script;
    private final String goal;

    HttpScenario(String title, String script, String goal) {
        this.title = title;
        this.script = script;
        this.goal = goal;
    }

    String title() {
        return title;
    }

    String script() {
        return script;
    }

    String goal() {
        return goal;
    }
}

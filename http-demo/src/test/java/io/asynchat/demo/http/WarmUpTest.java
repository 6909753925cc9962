package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.asynchat.testkit.NoLeaks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class WarmUpTest {

    @Test
    void warmUpRespondsAndRejectsOnce() {
        List<String> seen = new ArrayList<>();
        Router router = new Router(Limits.DEFAULT, null) {
            @Override
            Response respond(RequestHead head, byte[] body, int length) {
                seen.add(head.requestLine());
                return super.respond(head, body, length);
            }

            @Override
            Response rejection(RequestRejectReason reason) {
                seen.add(reason.name());
                return super.rejection(reason);
            }
        };
        WarmUp.of(Limits.DEFAULT, router, new HttpClock(InstantSource.fixed(Fixture.NOW)));
        assertThat(seen).containsExactly("GET / HTTP/1.1", "POST / HTTP/1.1", "INVALID_METHOD");
    }
}

package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class WarmUpTest {

    @Test
    void warmUpRespondsAndRejectsOnce() {
        List<String> played = new ArrayList<>();
        Router site = new Router(Limits.DEFAULT, null) {
            @Override
            Response answer(RequestHead head, byte[] body, int length) throws IOException {
                played.add(head.requestLine());
                return super.answer(head, body, length);
            }

            @Override
            Response refusal(RequestRejectReason refusal) {
                played.add(refusal.name());
                return super.refusal(refusal);
            }
        };
        WarmUp.of(Limits.DEFAULT, site, new HttpClock(InstantSource.fixed(Fixture.NOW)));
        assertThat(played).containsExactly("GET / HTTP/1.1", "POST / HTTP/1.1", "INVALID_METHOD");
    }
}

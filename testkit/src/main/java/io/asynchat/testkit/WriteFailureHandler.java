package io.asynchat.testkit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports failed writes. It follows a handler in which writes can fail, such as an encoder: an exception thrown there fails
 * the promise of the write and reaches no handler, so without a listener the message is lost silently.
 */
final class WriteFailureHandler extends ChannelOutboundHandlerAdapter {

    private final Consumer<Throwable> onFailure;

    private WriteFailureHandler(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    /** Adds one behind each handler that needs it and has none; {@code onFailure} is called on the channel's event loop. */
    @SuppressWarnings("deprecation") // the only method with an executor, without which a write would change threads
    static void addTo(ChannelPipeline pipeline, Consumer<Throwable> onFailure) {
        List<Map.Entry<String, ChannelHandler>> all =
                new ArrayList<>(pipeline.toMap().entrySet());
        for (int i = 0; i < all.size(); i++) {
            boolean observed = i + 1 < all.size() && all.get(i + 1).getValue() instanceof WriteFailureHandler;
            ChannelHandlerContext context = pipeline.context(all.get(i).getKey());
            if (!observed && context != null && overridesWrite(context.handler())) {
                pipeline.addAfter(context.executor(), context.name(), null, new WriteFailureHandler(onFailure));
            }
        }
    }

    private static boolean overridesWrite(ChannelHandler handler) {
        if (!(handler instanceof ChannelOutboundHandler) || handler instanceof WriteFailureHandler) {
            return false;
        }
        try {
            Class<?> declaring = handler.getClass()
                    .getMethod("write", ChannelHandlerContext.class, Object.class, ChannelPromise.class)
                    .getDeclaringClass();
            return declaring != ChannelOutboundHandlerAdapter.class && declaring != ChannelDuplexHandler.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        if (!promise.isVoid()) { // the failure of a void promise is fired through the pipeline
            promise.addListener(done -> report(ctx, done.cause()));
        }
        super.write(ctx, message, promise);
    }

    private void report(ChannelHandlerContext ctx, @Nullable Throwable failure) {
        if (failure == null) {
            return;
        }
        EventExecutor loop = ctx.channel().eventLoop();
        if (loop.inEventLoop()) {
            onFailure.accept(failure);
        } else {
            loop.execute(() -> onFailure.accept(failure));
        }
    }
}

package io.asynchat.benchmarks;

import io.asynchat.TerminatorFrameDecoder;
import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.asynchat.benchmarks.Framing.Prefixed;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** Ways to cut a stream into frames. */
public enum Candidate {
    BORROWED("AsyncChatHandler, borrowed") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(
                    framing instanceof HeadAndBody
                            ? new HeadAndBodyCandidate(counter)
                            : new HandlerCandidate(framing, counter));
        }
    },
    WHOLE("TerminatorFrameDecoder, whole frames") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(HandlerCandidate.first(framing));
            pipeline.addLast(decoder, new DecoderCandidate(decoder, framing, counter));
        }
    },
    LINE_BASED("LineBasedFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Delimited delimited && delimited.delimiter().length <= 2;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new LineBasedFrameDecoder(LARGEST), new FrameReceiver(counter));
        }
    },
    DELIMITER_BASED("DelimiterBasedFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Delimited;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            byte[] delimiter = ((Delimited) framing).delimiter();
            pipeline.addLast(
                    new DelimiterBasedFrameDecoder(LARGEST, Unpooled.wrappedBuffer(delimiter)),
                    new FrameReceiver(counter));
        }
    },
    FIXED_LENGTH("FixedLengthFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Fixed;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new FixedLengthFrameDecoder(((Fixed) framing).length()), new FrameReceiver(counter));
        }
    },
    LENGTH_FIELD("LengthFieldBasedFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Prefixed;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            int field = Prefixed.BYTES;
            pipeline.addLast(new LengthFieldBasedFrameDecoder(LARGEST, 0, field, 0, field), new FrameReceiver(counter));
        }
    },
    RECORD_PARSER("Vert.x RecordParser") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new RecordParserCandidate(framing, counter));
        }
    },
    HTTP_CODEC("HttpServerCodec's decoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            HttpDecoderCandidate.install(pipeline, counter);
        }
    },
    SWAPPED_DECODERS("replacing decoders") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            SwappedDecoders.install(pipeline, counter);
        }
    },
    HAND_WRITTEN("by hand, in a ByteToMessageDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Delimited || framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new HandWrittenDecoder(framing), new FrameReceiver(counter));
        }
    },
    LOWER_BOUND("bare") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new LowerBound(framing, counter));
        }
    };

    /** No frame of a workload is larger, but some are as large. */
    static final int LARGEST = Integer.MAX_VALUE - 8;

    private final String title;

    Candidate(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it can cut such a stream. */
    boolean does(Framing framing) {
        return true;
    }

    /** Puts it at the end of a pipeline. */
    abstract void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter);

    boolean isPeer() {
        return this != BORROWED && this != WHOLE && this != LOWER_BOUND;
    }

    /** The workload, in such reads as the candidate stands. */
    Workload fed(Workload workload) {
        // In large reads each replacement decodes the rest within the one before it, until the stack overflows.
        return this == SWAPPED_DECODERS ? workload.inReadsOf(Math.min(workload.read(), 1_500)) : workload;
    }
}

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
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            pipeline.addLast(
                    framing instanceof HeadAndBody ? new BorrowingHeads(tally) : new Borrowing(framing, tally));
        }
    },
    WHOLE("TerminatorFrameDecoder, whole frames") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Borrowing.first(framing));
            pipeline.addLast(decoder, new WholeFrames(decoder, framing, tally));
        }
    },
    LINE_BASED("LineBasedFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Delimited delimited && delimited.delimiter().length <= 2;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            pipeline.addLast(new LineBasedFrameDecoder(LARGEST), new Receiver(tally));
        }
    },
    DELIMITER_BASED("DelimiterBasedFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Delimited;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            byte[] delimiter = ((Delimited) framing).delimiter();
            pipeline.addLast(
                    new DelimiterBasedFrameDecoder(LARGEST, Unpooled.wrappedBuffer(delimiter)), new Receiver(tally));
        }
    },
    FIXED_LENGTH("FixedLengthFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Fixed;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            pipeline.addLast(new FixedLengthFrameDecoder(((Fixed) framing).length()), new Receiver(tally));
        }
    },
    LENGTH_FIELD("LengthFieldBasedFrameDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Prefixed;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            int field = Prefixed.BYTES;
            pipeline.addLast(new LengthFieldBasedFrameDecoder(LARGEST, 0, field, 0, field), new Receiver(tally));
        }
    },
    RECORD_PARSER("Vert.x RecordParser") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            pipeline.addLast(new VertxRecords(framing, tally));
        }
    },
    HTTP_CODEC("HttpServerCodec's decoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            HttpMessages.install(pipeline, tally);
        }
    },
    REPLACING("replacing decoders") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            ReplacingDecoders.install(pipeline, tally);
        }
    },
    BY_HAND("by hand, in a ByteToMessageDecoder") {
        @Override
        boolean does(Framing framing) {
            return framing instanceof Delimited || framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            pipeline.addLast(new DecoderByHand(framing), new Receiver(tally));
        }
    },
    FLOOR("floor") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, Tally tally) {
            pipeline.addLast(new Floor(framing, tally));
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
    abstract void install(ChannelPipeline pipeline, Framing framing, Tally tally);

    boolean isPeer() {
        return this != BORROWED && this != WHOLE && this != FLOOR;
    }

    /** The workload, in such reads as the candidate stands. */
    Workload fed(Workload workload) {
        // In large reads each replacement decodes the rest within the one before it, until the stack overflows.
        return this == REPLACING ? workload.inReadsOf(Math.min(workload.read(), 1_500)) : workload;
    }
}

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

/** Ways to split a stream into frames. */
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
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminators.first(framing));
            pipeline.addLast(decoder, new DecoderCandidate(decoder, framing, counter));
        }
    },
    LINE_BASED("LineBasedFrameDecoder") {
        @Override
        boolean supports(Framing framing) {
            return framing instanceof Delimited delimited && delimited.delimiter().length <= 2;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new LineBasedFrameDecoder(FRAME_LIMIT), new FrameReceiver(counter));
        }
    },
    DELIMITER_BASED("DelimiterBasedFrameDecoder") {
        @Override
        boolean supports(Framing framing) {
            return framing instanceof Delimited;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            byte[] delimiter = ((Delimited) framing).delimiter();
            pipeline.addLast(
                    new DelimiterBasedFrameDecoder(FRAME_LIMIT, Unpooled.wrappedBuffer(delimiter)),
                    new FrameReceiver(counter));
        }
    },
    FIXED_LENGTH("FixedLengthFrameDecoder") {
        @Override
        boolean supports(Framing framing) {
            return framing instanceof Fixed;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new FixedLengthFrameDecoder(((Fixed) framing).length()), new FrameReceiver(counter));
        }
    },
    LENGTH_FIELD("LengthFieldBasedFrameDecoder") {
        @Override
        boolean supports(Framing framing) {
            return framing instanceof Prefixed;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            int field = Prefixed.BYTES;
            pipeline.addLast(
                    new LengthFieldBasedFrameDecoder(FRAME_LIMIT, 0, field, 0, field), new FrameReceiver(counter));
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
        boolean supports(Framing framing) {
            return framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            HttpDecoderCandidate.install(pipeline, counter);
        }
    },
    SWAPPED_DECODERS("swapped decoders") {
        @Override
        boolean supports(Framing framing) {
            return framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            SwappedDecoders.install(pipeline, counter);
        }
    },
    HAND_WRITTEN("hand-written ByteToMessageDecoder") {
        @Override
        boolean supports(Framing framing) {
            return framing instanceof Delimited || framing instanceof HeadAndBody;
        }

        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new HandWrittenDecoder(framing), new FrameReceiver(counter));
        }
    },
    LOWER_BOUND("lower bound") {
        @Override
        void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter) {
            pipeline.addLast(new LowerBound(framing, counter));
        }
    };

    /** Frame limit of the peers, which no workload reaches. */
    static final int FRAME_LIMIT = Integer.MAX_VALUE - 8;

    private final String title;

    Candidate(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Returns true if it can split such a stream. */
    boolean supports(Framing framing) {
        return true;
    }

    /** Adds it at the end of a pipeline. */
    abstract void install(ChannelPipeline pipeline, Framing framing, FrameCounter counter);

    /** Returns true for the ways to use core. */
    boolean isCore() {
        return this == BORROWED || this == WHOLE;
    }

    /** Returns true for the candidates that core's are compared with. */
    boolean isPeer() {
        return !isCore() && this != LOWER_BOUND;
    }

    /** Returns true if the counter receives the bytes of the frames, and false if it receives only their number. */
    boolean exposesBytes() {
        return this != LOWER_BOUND;
    }

    /** Returns the workload in reads that the candidate supports. */
    Workload adapt(Workload workload) {
        // In large reads each replacement decodes the rest within the call of its predecessor: StackOverflowError.
        return this == SWAPPED_DECODERS ? workload.inReadsOf(Math.min(workload.read(), 1_500)) : workload;
    }
}

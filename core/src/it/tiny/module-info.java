/** A user's module, as small as it can be; ModulePathIT compiles and starts it. */
module tiny {
    requires io.asynchat;
}

// Compiles nothing but the header beside it, once for all tests.

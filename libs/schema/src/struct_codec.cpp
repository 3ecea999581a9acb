#include <schema/struct_codec.hpp>

namespace schema::detail {

void fail_missing(const Context& context) {
    context.fail("missing", "is required");
}
void fail_unknown(const Context& context) {
    context.fail("unknown_field", "is not a known field");
}
void fail_repeated(const Context& context) {
    context.fail("duplicate_field", "must not be given twice");
}
void fail_object_type(const Context& context) {
    context.fail("object_type", "must be an object");
}

}  // namespace schema::detail

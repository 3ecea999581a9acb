#include <stdexcept>

#include <schema/struct_codec.hpp>

namespace schema::detail {

void fail_missing(const Issues& issues) {
    issues.fail("missing", "is required");
}
void fail_unknown(const Issues& issues) {
    issues.fail("unknown_field", "is not a known field");
}
void fail_repeated(const Issues& issues) {
    issues.fail("duplicate_field", "must not be given twice");
}
void fail_object_type(const Issues& issues) {
    issues.fail("object_type", "must be an object");
}

void throw_invalid_example(std::string_view type, const std::vector<Issue>& issues) {
    std::string message = "the example of " + std::string(type) + " is not valid";
    for (const auto& issue : issues)
        message += "; " + issue.pointer + " " + issue.message;
    throw std::logic_error(message);
}

}  // namespace schema::detail

#include <schema/compound_codecs.hpp>

namespace schema::detail {

boost::json::object nullable(boost::json::object schema) {
    auto* type = schema.if_contains("type");
    if (type != nullptr && type->is_string() && !schema.contains("enum")) {
        *type = boost::json::array{*type, "null"};
        return schema;
    }
    return {{"anyOf", boost::json::array{std::move(schema), {{"type", "null"}}}}};
}

}  // namespace schema::detail

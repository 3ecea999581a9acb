#include <fmt/format.h>

#include <web/content.hpp>
#include <web/extract.hpp>

namespace web {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kMergePatch = "application/merge-patch+json";

bool is_supported(std::string_view content_type, bool merge_patch) {
    const auto type = media_type(content_type);
    return iequals(type, kJson) || (merge_patch && iequals(type, kMergePatch));
}

template <class Precondition>
std::optional<Precondition> entity_tags_from(Exchange& exchange, const std::string& name) {
    const auto header = exchange.request().headers.joined(name);
    if (!header) return Precondition(std::nullopt);
    auto tags = parse_entity_tags(*header);
    if (!tags) {
        exchange.fail("header", {"/" + name, "entity_tag",
                                 "must be * or a list of entity tags such as \"abc\""});
        return std::nullopt;
    }
    return Precondition(std::move(tags));
}

}  // namespace

namespace detail {

std::optional<schema::Value> parse_body(Exchange& exchange, bool merge_patch) {
    const auto& request = exchange.request();
    const auto content_type = request.headers.find("Content-Type");
    if (content_type && !is_supported(*content_type, merge_patch)) {
        exchange.refuse(415, fmt::format("The body must be {}, not {}.",
                                         merge_patch ? fmt::format("{} or {}", kMergePatch, kJson)
                                                     : std::string(kJson),
                                         *content_type));
        return std::nullopt;
    }
    auto parsed = schema::parse(request.body);
    if (const auto* error = std::get_if<schema::SyntaxError>(&parsed)) {
        exchange.refuse(
            400, request.body.empty()
                     ? "The body is empty; a JSON document is required."
                     : fmt::format("The body cannot be read as JSON: {} at line {}, column "
                                   "{} (byte {}).",
                                   error->message, error->line, error->column, error->offset));
        return std::nullopt;
    }
    return std::get<schema::Value>(std::move(parsed));
}

std::optional<std::string_view> query_field(Exchange& exchange, std::string_view name) {
    std::optional<std::string_view> result;
    for (const auto& [key, value] : exchange.query()) {
        if (key != name) continue;
        if (result) {
            exchange.fail("query", {"/" + key, "duplicate_field", "must not be given twice"});
            break;
        }
        result = value;
    }
    return result;
}

schema::Value query_list(Exchange& exchange, std::string_view name) {
    schema::Value list{.kind = schema::Value::Kind::kArray};
    for (const auto& [key, value] : exchange.query()) {
        if (key == name) list.items.push_back(schema::Value::from_text(value));
    }
    return list;
}

QueryValues::QueryValues(std::span<const std::string_view> lists) : lists_(lists.size()) {
    for (const auto name : lists)
        object_.members.push_back({std::string(name), {.kind = schema::Value::Kind::kArray}});
}

void QueryValues::add(std::string_view name, schema::Value value) {
    for (auto& member : std::span(object_.members).first(lists_)) {
        if (member.name != name) continue;
        member.value.items.push_back(std::move(value));
        return;
    }
    object_.members.push_back({std::string(name), std::move(value)});
}

schema::Value query_object(Exchange& exchange, std::span<const std::string_view> lists) {
    QueryValues values(lists);
    for (const auto& [name, value] : exchange.query())
        values.add(name, schema::Value::from_text(value));
    return std::move(values).object();
}

boost::json::object without_null(boost::json::object schema) {
    auto* type = schema.if_contains("type");
    if (type != nullptr && type->is_array()) *type = type->as_array().front();
    const auto* any_of = schema.if_contains("anyOf");
    if (any_of != nullptr) return any_of->as_array().front().as_object();
    return schema;
}

void document_body(Operation& operation, boost::json::object schema, bool merge_patch) {
    boost::json::object content;
    if (merge_patch) content[kMergePatch] = {{"schema", schema}};
    content[kJson] = {{"schema", std::move(schema)}};
    operation.request_body = {{"required", true}, {"content", std::move(content)}};
}

}  // namespace detail

namespace {

// What clients may send (RFC 9110, section 8.8.3): "*", or 1 to 32 tags. parse_entity_tags() also
// ignores empty list elements, as a recipient must, which is for no client to know.
boost::json::object entity_tags_schema() {
    constexpr std::string_view kTag = R"((W/)?"[^"\u0000-\u0020\u007f]*")";
    return {{"type", "string"},
            {"pattern", fmt::format(R"(^(\*|{0}([\t ]*,[\t ]*{0}){{0,31}})$)", kTag)}};
}

}  // namespace

std::optional<IfMatch> Extract<IfMatch>::from(Exchange& exchange) {
    return entity_tags_from<IfMatch>(exchange, "If-Match");
}

void Extract<IfMatch>::document(Operation& operation, schema::Components&) {
    operation.add_parameter("header", "If-Match", false, entity_tags_schema());
}

std::optional<IfNoneMatch> Extract<IfNoneMatch>::from(Exchange& exchange) {
    return entity_tags_from<IfNoneMatch>(exchange, "If-None-Match");
}

void Extract<IfNoneMatch>::document(Operation& operation, schema::Components&) {
    operation.add_parameter("header", "If-None-Match", false, entity_tags_schema());
}

}  // namespace web

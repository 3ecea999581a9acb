#include <web/reply.hpp>
#include <web/url.hpp>

namespace web::detail {

Response json_response(int status, std::string json) {
    return text_response(status, "application/json", std::move(json));
}

void apply_entity_tag(Response& response, const std::string& opaque, const Exchange& exchange) {
    response.headers.set("ETag", '"' + opaque + '"');
    const auto method = exchange.request().method;
    if (method != Method::kGet && method != Method::kHead) return;

    // RFC 9110, section 13.2.2: If-Match is evaluated first.
    const auto if_match = exchange.request().headers.joined("If-Match");
    const auto wanted = if_match ? parse_entity_tags(*if_match) : std::nullopt;
    if (wanted && !wanted->match_strongly(opaque)) {
        response = problem_response(
            {.status = 412, .detail = "The resource is not in the version that If-Match names."},
            exchange.public_path());
        return;
    }
    // A client may keep the answer, but asks each time whether it is still the current one.
    response.headers.set("Cache-Control", "no-cache");
    const auto header = exchange.request().headers.joined("If-None-Match");
    if (!header) return;
    // RFC 9110, section 13.1.2: an unreadable precondition is ignored, the full answer is right.
    const auto tags = parse_entity_tags(*header);
    if (!tags || !tags->match_weakly(opaque)) return;
    response.status = 304;
    response.body.clear();
    response.headers.erase("Content-Type");
}

void document_entity_tag(Operation& operation, schema::Components& components, int status) {
    operation.add_header(status, "ETag", "Names this version of the resource, for If-Match");
    if (status != 200) return;
    if (operation.is_read) {
        operation.add_parameter("header", "If-Match", false, {{"type", "string"}});
        operation.add_parameter("header", "If-None-Match", false, {{"type", "string"}});
        operation.add_problem(412, components);
        operation.responses[304]["description"] = "Not Modified";
    }
}

void set_location(Response& response, const std::string& segment, const Exchange& exchange) {
    auto location = exchange.link_prefix() + std::string(exchange.path());
    if (!location.ends_with('/')) location += '/';
    response.headers.set("Location", location + percent_encode(segment));
}

}  // namespace web::detail

#include <algorithm>

#include <web/reply.hpp>
#include <web/url.hpp>

namespace web::detail {
namespace {

// RFC 9110, section 13.1: an unreadable precondition is ignored, the full answer is right.
std::optional<EntityTags> tags_of(const Request& request, std::string_view name) {
    const auto header = request.headers.joined(name);
    return header ? parse_entity_tags(*header) : std::nullopt;
}

}  // namespace

Response json_response(int status, std::string json) {
    return text_response(status, "application/json", std::move(json));
}

void apply_entity_tag(Response& response, const std::string& opaque, const Exchange& exchange,
                      const std::vector<std::string>& others) {
    const auto& request = exchange.request();
    response.headers.set("ETag", '"' + opaque + '"');
    if (request.method != Method::kGet && request.method != Method::kHead) return;

    // RFC 9110, section 13.2.2: If-Match is evaluated first. Every representation is the same
    // version.
    const auto wanted = tags_of(request, "If-Match");
    const auto is_wanted = [&](const std::string& tag) { return wanted->match_strongly(tag); };
    if (wanted && !is_wanted(opaque) && std::ranges::none_of(others, is_wanted)) {
        response = problem_response(
            {.status = 412, .detail = "The resource is not in the version that If-Match names."},
            exchange.public_path());
        return;
    }
    // A client may store the answer, but must revalidate it each time.
    response.headers.set("Cache-Control", "no-cache");
    const auto held = tags_of(request, "If-None-Match");
    if (!held || !held->match_weakly(opaque)) return;
    response.status = 304;
    response.body.clear();
    response.shared_body.reset();
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

#include <algorithm>

#include <base/utf8.hpp>
#include <web/content.hpp>
#include <web/form.hpp>

#include "multipart.hpp"

namespace web {
namespace {

using schema::Value;

constexpr std::string_view kFormData = "multipart/form-data";

Value text_value(std::string_view text) {
    return {.kind = Value::Kind::kString, .text = std::string(text)};
}

// How a file travels to Codec<UploadedFile>; nothing else makes objects of a form's parts.
Value file_value(const Part& part) {
    Value value{.kind = Value::Kind::kObject};
    value.members.push_back({"filename", text_value(*part.filename)});
    value.members.push_back({"content_type", text_value(part.content_type)});
    value.members.push_back({"bytes", {.kind = Value::Kind::kBytes, .bytes = part.bytes}});
    return value;
}

}  // namespace

namespace detail {

std::optional<Value> parse_form(Exchange& exchange, std::span<const std::string_view> lists) {
    const auto& request = exchange.request();
    const auto content_type = request.headers.find("Content-Type").value_or("");
    if (!iequals(media_type(content_type), kFormData)) {
        exchange.refuse(415, "The body must be multipart/form-data.");
        return std::nullopt;
    }
    const auto boundary = multipart_boundary(content_type);
    if (!boundary) {
        exchange.refuse(400, "The Content-Type has no usable boundary.");
        return std::nullopt;
    }
    const auto parsed = parse_multipart(request.body, *boundary);
    if (const auto* const error = std::get_if<MultipartError>(&parsed)) {
        exchange.refuse(error->status, error->detail);
        return std::nullopt;
    }
    QueryValues values(lists);
    for (const auto& part : std::get<std::vector<Part>>(parsed))
        values.add(part.name, part.filename ? file_value(part) : Value::from_text(part.bytes));
    return std::move(values).object();
}

void document_form(Operation& operation, boost::json::object schema) {
    operation.request_body = {{"required", true},
                              {"content", {{kFormData, {{"schema", std::move(schema)}}}}}};
}

}  // namespace detail

}  // namespace web

std::optional<web::UploadedFile> schema::Codec<web::UploadedFile>::decode(const Value& value,
                                                                          const Issues& issues) {
    if (value.kind != Value::Kind::kObject || value.members.size() != 3 ||
        value.members[2].value.kind != Value::Kind::kBytes) {
        issues.fail("file_type", "must be a file");
        return std::nullopt;
    }
    web::UploadedFile file{.filename = value.members[0].value.text,
                           .content_type = value.members[1].value.text,
                           .bytes = value.members[2].value.bytes};
    if (base::utf8::length(file.filename) && base::utf8::length(file.content_type)) return file;
    issues.fail("invalid_utf8", "must have a name and a type of valid UTF-8");
    return std::nullopt;
}

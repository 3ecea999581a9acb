// Forms with files: multipart/form-data (RFC 7578) as a described struct.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <schema/schema.hpp>
#include <web/exchange.hpp>
#include <web/extract.hpp>
#include <web/operation.hpp>

namespace web {

/// A file of a form. Name and type are the client's claim: never a path to write to, never proof
/// of what the bytes are.
struct UploadedFile {
    std::string filename;      ///< the last segment of what was sent; valid UTF-8, maybe empty
    std::string content_type;  ///< as sent, "text/plain" if it was not
    /// Part of the request's body, and valid until its handler has returned: a response that is
    /// streamed outlives it.
    std::string_view bytes;
};

/// Rule for files: Constrained<UploadedFile, max_bytes(64 * 1024)>.
struct max_bytes {
    std::size_t count;
    constexpr explicit max_bytes(std::size_t n) : count(n) {}
    [[nodiscard]] bool accepts(const UploadedFile& file) const {
        return file.bytes.size() <= count;
    }
    [[nodiscard]] static constexpr std::string_view code() { return "file_too_large"; }
    [[nodiscard]] std::string message() const {
        return fmt::format("have at most {} bytes", count);
    }
    void document(boost::json::object& schema) const { schema["maxLength"] = count; }
};

/// The body as a form whose members are files, single values and lists (std::vector) of either:
///     struct Attachment { Title title; Constrained<UploadedFile, max_bytes(65536)> file; };
///     BOOST_DESCRIBE_STRUCT(Attachment, (), (title, file))
///     Task<...> attach(Form<Attachment> form);
/// 415: another media type. 400: malformed. 413: more than 100 parts, 4 KiB of header or 200 bytes
/// of name in one; the whole is bounded by the server, and by BodyLimit. 422: the fields.
template <schema::Described T>
struct Form : base::Plain<T> {
    using base::Plain<T>::Plain;
};

namespace detail {

// The parts as an object for the codec of a struct; those of `lists` are arrays, maybe empty. A
// file is an object of strings. nullopt: refused.
[[nodiscard]] std::optional<schema::Value> parse_form(Exchange& exchange,
                                                      std::span<const std::string_view> lists);
void document_form(Operation& operation, boost::json::object schema);

}  // namespace detail

template <schema::Described T>
struct Extract<Form<T>> {
    static std::optional<Form<T>> from(Exchange& exchange) {
        const auto object = detail::parse_form(exchange, detail::list_members<T>());
        if (!object) return std::nullopt;
        auto value = detail::decode_part<T>(exchange, "body", "", *object);
        if (!value) return std::nullopt;
        return Form<T>(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        detail::document_form(operation, schema::Codec<T>::describe(components));
        for (const int status : {400, 413, 415})
            operation.add_problem(status, components);
    }
};

}  // namespace web

template <>
struct schema::Codec<web::UploadedFile> {
    static std::optional<web::UploadedFile> decode(const Value& value, const Issues& issues);
    static boost::json::object describe(Components&) {
        return {{"type", "string"},
                {"format", "binary"},
                {"contentMediaType", "application/octet-stream"}};
    }
};

// Cookies that a client sends (RFC 6265).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <web/extract.hpp>

namespace web {

/// The value of the first cookie of that name in a Cookie header, without quotes around it; the
/// first is the one with the most specific path (RFC 6265, section 5.4).
[[nodiscard]] std::optional<std::string_view> find_cookie(std::string_view header,
                                                          std::string_view name) noexcept;

/// One cookie: Cookie<"session", SessionId>, Cookie<"theme", std::optional<Theme>>. A value is
/// taken as it is, since RFC 6265 knows no escapes.
template <base::FixedString Name, class T>
struct Cookie : base::Plain<T> {
    using base::Plain<T>::Plain;
};

template <base::FixedString Name, class T>
struct Extract<Cookie<Name, T>> {
    static std::optional<Cookie<Name, T>> from(Exchange& exchange) {
        const auto header = exchange.request().headers.joined("Cookie").value_or("");
        const auto text = find_cookie(header, Name.view());
        auto value = detail::decode_text_part<T>(exchange, "cookie", Name.view(), text);
        if (!value) return std::nullopt;
        return Cookie<Name, T>(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        operation.add_parameter("cookie", Name.view(), !schema::MayBeAbsent<T>,
                                detail::without_null(schema::Codec<T>::describe(components)));
    }
};

}  // namespace web

// The vocabulary of HTTP (RFC 9110) that requests and responses share.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace web {

/// The methods that the platform knows. A request with any other is answered with 501. No endpoint
/// serves kTrace: it is known so that it is refused like any method that an endpoint does not
/// serve.
enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kTrace };

[[nodiscard]] std::string_view to_string(Method method) noexcept;
[[nodiscard]] std::optional<Method> parse_method(std::string_view text) noexcept;
/// Whether requests of that method change nothing (RFC 9110, section 9.2.1).
[[nodiscard]] bool is_safe(Method method) noexcept;

/// The standard phrase for a status ("Not Found"), or "Unknown".
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// ASCII case-insensitive equality, as field names and media types compare.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;

/// Header fields in the order they were added. Names compare without regard to case; a linear
/// search wins, since a message has few of them and the server limits how many.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// All fields of that name joined with ", " (RFC 9110, section 5.3); nullopt: there is none.
    [[nodiscard]] std::optional<std::string> joined(std::string_view name) const;
    /// Replaces every field of that name.
    void set(std::string_view name, std::string value);
    /// Keeps those that are there already.
    void add(std::string name, std::string value);
    void erase(std::string_view name);

    [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
    [[nodiscard]] auto end() const noexcept { return fields_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

private:
    std::vector<Field> fields_;
};

}  // namespace web

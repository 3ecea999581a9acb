// Failures that are expected, as part of a signature.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

namespace base {

/// The value of what has no other outcome than that it was done.
struct Done {};

/// A T, or one of the failures: Task<Result<ItemRead, ItemMissing, ItemChanged>>. A failure is a
/// type, usually an empty struct, so that the signature tells which there are.
template <class T, class... Failures>
class Result {
public:
    using value_type = T;

    // Implicit, so that a function simply returns the value or the failure.
    template <class U>
        requires(std::is_constructible_v<T, U &&> &&
                 !(std::is_same_v<std::remove_cvref_t<U>, Failures> || ...) &&
                 !std::is_same_v<std::remove_cvref_t<U>, Result>)
    Result(U&& value) : content_(std::in_place_index<0>, std::forward<U>(value)) {}
    template <class Failure>
        requires(std::is_same_v<Failure, Failures> || ...)
    Result(Failure failure) : content_(std::move(failure)) {}

    /// From a result whose failures are among these, and whose value makes a T.
    template <class U, class... Some>
        requires(std::is_constructible_v<T, U &&> &&
                 (std::is_constructible_v<std::variant<std::monostate, Failures...>, Some &&> &&
                  ...) &&
                 !std::is_same_v<Result<U, Some...>, Result>)
    Result(Result<U, Some...> other)
        : content_(std::visit(
              []<class Content>(Content& content) {
                  if constexpr (std::is_same_v<Content, U>) {
                      return std::variant<T, Failures...>(std::in_place_index<0>,
                                                          std::move(content));
                  } else {
                      return std::variant<T, Failures...>(std::move(content));
                  }
              },
              other.content())) {}

    [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
    /// Throws std::bad_variant_access if it is a failure.
    [[nodiscard]] T& value() & { return std::get<0>(content_); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(content_)); }
    template <class Failure>
    [[nodiscard]] bool failed_with() const noexcept {
        return std::holds_alternative<Failure>(content_);
    }
    [[nodiscard]] std::variant<T, Failures...>& content() noexcept { return content_; }

private:
    std::variant<T, Failures...> content_;
};

}  // namespace base

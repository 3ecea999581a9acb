// The result of a handler: a value, or one of the expected failures. The return type documents
// both.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace web {

/// An expected failure, answered with its status as a problem. `detail` is for the client.
template <int Status>
struct HttpError {
    static constexpr int status = Status;
    std::string detail;
};

// Deriving gives them constructors and names of their own: NotFound("No such item").
struct NotFound : HttpError<404> {
    explicit NotFound(std::string what) : HttpError{std::move(what)} {}
};
struct Conflict : HttpError<409> {
    explicit Conflict(std::string what) : HttpError{std::move(what)} {}
};
struct PreconditionFailed : HttpError<412> {
    explicit PreconditionFailed(std::string what) : HttpError{std::move(what)} {}
};
struct UnprocessableContent : HttpError<422> {
    explicit UnprocessableContent(std::string what) : HttpError{std::move(what)} {}
};
struct BadGateway : HttpError<502> {
    explicit BadGateway(std::string what) : HttpError{std::move(what)} {}
};

/// A T, or one of the errors: Task<Result<ItemRead, NotFound>>.
template <class T, class... Errors>
class Result {
public:
    // Implicit, so that a handler simply returns the value or the error.
    template <class U>
        requires(std::is_constructible_v<T, U &&> &&
                 !(std::is_same_v<std::remove_cvref_t<U>, Errors> || ...) &&
                 !std::is_same_v<std::remove_cvref_t<U>, Result>)
    Result(U&& value) : content_(std::in_place_index<0>, std::forward<U>(value)) {}
    template <class E>
        requires(std::is_same_v<E, Errors> || ...)
    Result(E error) : content_(std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
    [[nodiscard]] std::variant<T, Errors...>& content() noexcept { return content_; }

private:
    std::variant<T, Errors...> content_;
};

/// 201: something new exists. `segment` is its last path segment below the request's own path
/// ("17" for /v1/items/17), from which Location is made.
template <class T>
struct Created {
    T value;
    std::string segment;
};

/// 201: several new things exist, which have no location in common.
template <class T>
struct CreatedAll {
    T value;
};

/// 204.
struct NoContent {};

}  // namespace web

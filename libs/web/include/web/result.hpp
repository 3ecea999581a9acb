// The result of a handler: a value, or one of the expected failures. The return type documents
// both.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <base/result.hpp>
#include <schema/plain_text.hpp>
#include <web/problem.hpp>

namespace web {

/// An expected failure, answered with its status as a problem. `detail` is for the client.
template <int Status>
struct HttpError {
    static constexpr int status = Status;
    std::string detail;
    std::vector<FieldError> errors = {};  ///< what is wrong with the request, and where
};

// Deriving gives them constructors and names of their own: NotFound("No such item").
struct NotFound : HttpError<404> {
    explicit NotFound(std::string what) : HttpError{std::move(what)} {}
};
struct PreconditionFailed : HttpError<412> {
    explicit PreconditionFailed(std::string what) : HttpError{std::move(what)} {}
};
struct UnprocessableContent : HttpError<422> {
    explicit UnprocessableContent(std::string what) : HttpError{std::move(what)} {}
    /// `in`: "body", "query", "path" or "header".
    UnprocessableContent(std::string what, std::string_view in,
                         const std::vector<schema::Issue>& issues)
        : HttpError{std::move(what)} {
        for (const auto& issue : issues)
            errors.push_back({std::string(in), issue.pointer, issue.code, issue.message});
    }
};
/// What a handler returns: a T, answered with 200 (or what T says), or one of the failures. A
/// failure of a service, which knows no HTTP, becomes an HttpError by a function next to it:
///     inline web::NotFound http_error(ItemMissing) { return web::NotFound("No such item."); }
///     Task<web::Result<ItemRead, ItemMissing>> read_item(Path<"id", ItemId> id, ...);
using base::Result;

/// 201: something new exists. `segment` is its last path segment below the request's own path
/// ("17" for /v1/items/17), from which Location is made.
template <class T>
struct Created {
    T value;
    std::string segment;

    Created(T created, std::string last_segment)
        : value(std::move(created)), segment(std::move(last_segment)) {}
    /// Of what has an id, which is the segment.
    Created(T created)
        requires requires { created.id; }
        : value(std::move(created)), segment(schema::to_text(value.id)) {}
};

/// 201: several new things exist, which have no location in common.
template <class T>
struct CreatedAll {
    T value;
};

/// 204: done, and nothing to tell.
using NoContent = base::Done;

}  // namespace web

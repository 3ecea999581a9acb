// How a handler's return type becomes a response and a part of the OpenAPI document.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <schema/schema.hpp>
#include <web/etag.hpp>
#include <web/exchange.hpp>
#include <web/operation.hpp>
#include <web/problem.hpp>
#include <web/result.hpp>

namespace web {

/// A type can be returned by specialising Reply with
///   Response make(T, const Exchange&),
///   void document(Operation&, schema::Components&),
///   std::string_view media_type    of its success, where that is not application/json.
template <class T>
struct Reply;

namespace detail {

template <class T>
constexpr std::string_view media_type_of_reply() {
    if constexpr (requires { Reply<T>::media_type; }) {
        return Reply<T>::media_type;
    } else {
        return "application/json";
    }
}

[[nodiscard]] Response json_response(int status, std::string json);
// Sets ETag; turns a GET whose If-None-Match names the tag into a 304, and one whose If-Match names
// neither it nor one of the others into a 412. The others belong to other codings of this version.
void apply_entity_tag(Response& response, const std::string& opaque, const Exchange& exchange,
                      const std::vector<std::string>& others = {});
void document_entity_tag(Operation& operation, schema::Components& components, int status);
void set_location(Response& response, const std::string& segment, const Exchange& exchange);

template <class T>
Response value_response(int status, const T& value, const Exchange& exchange) {
    auto response = json_response(status, schema::to_json(value));
    if constexpr (Tagged<T>) apply_entity_tag(response, entity_tag(value), exchange);
    return response;
}

template <class T>
void document_value(Operation& operation, schema::Components& components, int status,
                    std::string_view description) {
    const schema::Components::OutputScope output(components);
    operation.add_json_response(status, description, schema::Codec<T>::describe(components));
    if constexpr (Tagged<T>) document_entity_tag(operation, components, status);
}

}  // namespace detail

template <schema::Codable T>
struct Reply<T> {
    static Response make(T value, const Exchange& exchange) {
        return detail::value_response(200, value, exchange);
    }
    static void document(Operation& operation, schema::Components& components) {
        detail::document_value<T>(operation, components, 200, "OK");
    }
};

template <schema::Codable T>
struct Reply<Created<T>> {
    static Response make(Created<T> created, const Exchange& exchange) {
        auto response = detail::value_response(201, created.value, exchange);
        detail::set_location(response, created.segment, exchange);
        return response;
    }
    static void document(Operation& operation, schema::Components& components) {
        detail::document_value<T>(operation, components, 201, "Created");
        operation.add_header(201, "Location", "Where the new resource is");
    }
};

template <schema::Codable T>
struct Reply<CreatedAll<T>> {
    static Response make(CreatedAll<T> created, const Exchange& exchange) {
        return detail::value_response(201, created.value, exchange);
    }
    static void document(Operation& operation, schema::Components& components) {
        detail::document_value<T>(operation, components, 201, "Created");
    }
};

template <>
struct Reply<NoContent> {
    static Response make(NoContent, const Exchange&) {
        Response response;
        response.status = 204;
        return response;
    }
    static void document(Operation& operation, schema::Components&) {
        operation.responses[204]["description"] = "No Content";
    }
};

template <int Status>
struct Reply<HttpError<Status>> {
    static Response make(HttpError<Status> error, const Exchange& exchange) {
        return problem_response({.status = Status,
                                 .detail = std::move(error.detail),
                                 .errors = std::move(error.errors)},
                                exchange.public_path());
    }
    static void document(Operation& operation, schema::Components& components) {
        operation.add_problem(Status, components);
    }
};

// NotFound and its like are HttpErrors by inheritance.
template <class E>
    requires requires(E error) { []<int S>(HttpError<S>&) {}(error); }
struct Reply<E> : Reply<HttpError<E::status>> {};

namespace detail {

template <int Status>
std::integral_constant<int, Status> status_of(const HttpError<Status>&);

}  // namespace detail

/// A failure that says by a function next to it, http_error(const E&), which HttpError it is.
template <class E>
concept HttpFailure = requires(const E& failure) { detail::status_of(http_error(failure)); };

template <HttpFailure E>
struct Reply<E> {
    using Error = decltype(http_error(std::declval<const E&>()));

    static Response make(const E& failure, const Exchange& exchange) {
        return Reply<Error>::make(http_error(failure), exchange);
    }
    static void document(Operation& operation, schema::Components& components) {
        Reply<Error>::document(operation, components);
    }
};

template <class T, class... Errors>
struct Reply<base::Result<T, Errors...>> {
    static constexpr std::string_view media_type = detail::media_type_of_reply<T>();

    static Response make(base::Result<T, Errors...> result, const Exchange& exchange) {
        return std::visit(
            [&exchange]<class Alternative>(Alternative& alternative) {
                return Reply<Alternative>::make(std::move(alternative), exchange);
            },
            result.content());
    }
    static void document(Operation& operation, schema::Components& components) {
        Reply<T>::document(operation, components);
        (Reply<Errors>::document(operation, components), ...);
    }
};

}  // namespace web

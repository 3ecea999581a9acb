// From a plain coroutine to an endpoint: takes a handler's signature apart, fills its arguments,
// turns its result into a response.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include <base/task.hpp>
#include <web/extract.hpp>
#include <web/reply.hpp>

namespace web::detail {

template <class F>
struct Signature;

template <class R, class... P>
struct Signature<base::Task<R> (*)(P...)> {
    using result = R;
    static constexpr std::size_t arity = sizeof...(P);
    static_assert((std::is_same_v<P, std::remove_cvref_t<P>> && ...),
                  "a handler takes its parameters by value: it outlives the request's references");
};

// The name of the handler, for operationId: "create_item".
template <auto Handler>
[[nodiscard]] constexpr std::string_view handler_name() {
    // "... handler_name() [Handler = &app::create_item]"
    constexpr std::string_view function = __PRETTY_FUNCTION__;
    constexpr auto end = function.find_last_of(']');
    constexpr auto start = function.find_last_of(":& ", end - 1) + 1;
    return function.substr(start, end - start);
}

// How often "{name}" stands in a route's template.
constexpr int count_parameters(std::string_view path) {
    int count = 0;
    for (const char c : path)
        count += c == '{' ? 1 : 0;
    return count;
}

constexpr bool has_parameter(std::string_view path, std::string_view name) {
    for (std::size_t at = path.find('{'); at != std::string_view::npos;
         at = path.find('{', at + 1)) {
        const auto rest = path.substr(at + 1);
        if (rest.starts_with(name) && rest.substr(name.size()).starts_with('}')) return true;
    }
    return false;
}

template <class P>
constexpr bool path_parameter_exists(std::string_view path) {
    if constexpr (requires { Extract<P>::path_parameter; }) {
        return has_parameter(path, Extract<P>::path_parameter);
    } else {
        return true;
    }
}

template <class P>
constexpr bool is_path_parameter() {
    return requires { Extract<P>::path_parameter; };
}

template <auto Handler>
struct Endpoint : Endpoint<+Handler> {};

template <class R, class... P, base::Task<R> (*Handler)(P...)>
struct Endpoint<Handler> {
    using signature = Signature<base::Task<R> (*)(P...)>;

    // Every Path<> names a parameter of the template, and every parameter has its Path<>.
    static constexpr bool fits(std::string_view path) {
        return (path_parameter_exists<P>(path) && ...) &&
               count_parameters(path) == (0 + ... + (is_path_parameter<P>() ? 1 : 0));
    }

    static constexpr std::string_view media_type = media_type_of_reply<R>();

    static base::Task<Response> invoke(Exchange& exchange) {
        // Braces: the extractors run in the order of the parameters.
        std::tuple<std::optional<P>...> arguments{Extract<P>::from(exchange)...};
        if (exchange.refusal()) {
            co_return problem_response(*exchange.refusal(), exchange.public_path());
        }
        if (!exchange.errors().empty()) {
            co_return problem_response({.status = 422,
                                        .detail = "The request has invalid values; see errors.",
                                        .errors = exchange.errors()},
                                       exchange.public_path());
        }
        auto task = std::apply([](auto&... argument) { return Handler(std::move(*argument)...); },
                               arguments);
        R result = co_await std::move(task);
        co_return Reply<R>::make(std::move(result), exchange);
    }

    static void document(Operation& operation, schema::Components& components) {
        (Extract<P>::document(operation, components), ...);
        Reply<R>::document(operation, components);
        constexpr bool takes_input =
            (false || ... || !requires { typename Extract<P>::dependency; });
        if constexpr (takes_input) operation.add_problem(422, components);
    }

    static std::vector<std::type_index> dependencies() {
        std::vector<std::type_index> types;
        (add_dependency<P>(types), ...);
        return types;
    }

private:
    template <class Parameter>
    static void add_dependency(std::vector<std::type_index>& types) {
        if constexpr (requires { typename Extract<Parameter>::dependency; }) {
            types.emplace_back(typeid(typename Extract<Parameter>::dependency));
        }
    }
};

}  // namespace web::detail

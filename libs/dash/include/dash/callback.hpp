// Callbacks as plain coroutines. The signature names the properties of the page that a callback
// reads and writes; the rest of the protocol derives from it.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <base/fixed_string.hpp>
#include <base/task.hpp>
#include <schema/schema.hpp>
#include <web/exchange.hpp>
#include <web/extract.hpp>
#include <web/response.hpp>

namespace dash {

/// A property of a component: {"graph", "figure"}.
struct Property {
    std::string id;
    std::string name;
    friend bool operator==(const Property&, const Property&) = default;
};

namespace detail {
// "." separates id and property, "{" opens a pattern-matching id; neither is part of a plain id.
constexpr bool is_plain_id(std::string_view id) {
    return !id.empty() && id.find_first_of(".{") == std::string_view::npos;
}
}  // namespace detail

/// A property that a callback writes. Give it a name: using Figure = Output<"graph", "figure">;
template <base::FixedString Id, base::FixedString Name>
struct Output {
    static_assert(detail::is_plain_id(Id.view()));
    static Property property() { return {std::string(Id.view()), std::string(Name.view())}; }
};

/// A property that calls the callback whenever it changes. schema::Codec reads T; use an optional T
/// if the property may be unset.
template <base::FixedString Id, base::FixedString Name, class T>
struct Input {
    T value;
    [[nodiscard]] const T& operator*() const noexcept { return value; }
};

/// A property that a callback reads but that does not call it.
template <base::FixedString Id, base::FixedString Name, class T>
struct State {
    T value;
    [[nodiscard]] const T& operator*() const noexcept { return value; }
};

/// What a callback returns: new values for some of its outputs. An output without a value keeps its
/// value in the page (`no_update`); an empty Update changes nothing (`PreventUpdate`).
template <class... Outputs>
class Update {
    static_assert(sizeof...(Outputs) > 0);

public:
    template <class O>
        requires(std::is_same_v<O, Outputs> || ...)
    Update& set(boost::json::value value) {
        constexpr std::array same{std::is_same_v<O, Outputs>...};
        values_[static_cast<std::size_t>(std::ranges::find(same, true) - same.begin())] =
            std::move(value);
        return *this;
    }

    // std::string does not convert to boost::json::value implicitly. A template, so that literals
    // choose the overload above.
    template <class O, class Text>
        requires(std::same_as<Text, std::string> || std::same_as<Text, std::string_view>)
    Update& set(const Text& text) {
        return set<O>(boost::json::value(boost::json::string(text)));
    }

    static std::vector<Property> outputs() { return {Outputs::property()...}; }

    /// The new value of each output in order; nullopt: not set.
    [[nodiscard]] const auto& values() const noexcept { return values_; }

private:
    std::array<std::optional<boost::json::value>, sizeof...(Outputs)> values_;
};

struct CallbackOptions {
    /// Not called when the page appears, only when an input changes.
    bool prevent_initial_call = false;
};

/// A function in the browser, from a script among the assets:
/// window.dash_clientside[name_space][function].
struct ClientsideFunction {
    std::string name_space;
    std::string function;
};

/// One call from the browser.
struct Call {
    struct Argument {
        Property property;
        schema::Value value;  ///< null when the property is undefined in the browser
    };
    std::string output;  ///< the key of the callback
    std::vector<Argument> inputs;
    std::vector<Argument> state;
};

/// Reads the body of a POST to _dash-update-component; nullopt when it is not such a call.
[[nodiscard]] std::optional<Call> parse_call(const schema::Value& body);

/// The name of a callback in browser and backend: "graph.figure" for one output,
/// "..graph.figure...summary.children.." for several.
[[nodiscard]] std::string output_key(const std::vector<Property>& outputs);

/// A callback with its types erased.
struct Callback {
    std::vector<Property> outputs;
    std::vector<Property> inputs;
    std::vector<Property> state;
    CallbackOptions options;
    std::optional<ClientsideFunction> clientside;
    std::vector<std::type_index> dependencies;
    /// Runs it in this process; empty for a clientside function.
    std::function<base::Task<web::Response>(const Call&, web::Exchange&)> invoke;

    /// The entry of _dash-dependencies.
    [[nodiscard]] boost::json::object describe() const;
};

namespace detail {

// The value that the browser sent for a property. Without one, reports the error to the exchange.
[[nodiscard]] const schema::Value* find_argument(const std::vector<Call::Argument>& arguments,
                                                 const Property& property, std::string_view list,
                                                 web::Exchange& exchange);

template <base::FixedString Id, base::FixedString Name, class T>
std::optional<T> decode_argument(const std::vector<Call::Argument>& arguments,
                                 std::string_view list, web::Exchange& exchange) {
    const Property property{std::string(Id.view()), std::string(Name.view())};
    const auto* value = find_argument(arguments, property, list, exchange);
    if (value == nullptr) return std::nullopt;
    std::vector<schema::Issue> issues;
    const schema::Issues root(issues);
    const auto list_place = root.at(list);
    auto decoded =
        schema::Codec<T>::decode(*value, list_place.at(property.id + '.' + property.name));
    for (const auto& issue : issues)
        exchange.fail("body", issue);
    return decoded;
}

// How each kind of parameter is filled and documented.
template <class P>
struct Parameter;

template <base::FixedString Id, base::FixedString Name, class T>
struct Parameter<Input<Id, Name, T>> {
    static_assert(is_plain_id(Id.view()));
    static std::optional<Input<Id, Name, T>> from(const Call& call, web::Exchange& exchange) {
        auto value = decode_argument<Id, Name, T>(call.inputs, "inputs", exchange);
        if (!value) return std::nullopt;
        return Input<Id, Name, T>{std::move(*value)};
    }
    static void document(Callback& callback) {
        callback.inputs.push_back({std::string(Id.view()), std::string(Name.view())});
    }
};

template <base::FixedString Id, base::FixedString Name, class T>
struct Parameter<State<Id, Name, T>> {
    static_assert(is_plain_id(Id.view()));
    static std::optional<State<Id, Name, T>> from(const Call& call, web::Exchange& exchange) {
        auto value = decode_argument<Id, Name, T>(call.state, "state", exchange);
        if (!value) return std::nullopt;
        return State<Id, Name, T>{std::move(*value)};
    }
    static void document(Callback& callback) {
        callback.state.push_back({std::string(Id.view()), std::string(Name.view())});
    }
};

template <class T>
struct Parameter<web::Dep<T>> {
    static std::optional<web::Dep<T>> from(const Call&, web::Exchange& exchange) {
        return web::Extract<web::Dep<T>>::from(exchange);
    }
    static void document(Callback& callback) { callback.dependencies.emplace_back(typeid(T)); }
};

// 200 with the values that are set, 204 without any.
[[nodiscard]] web::Response update_response(
    const std::vector<Property>& outputs,
    std::span<const std::optional<boost::json::value>> values);
[[nodiscard]] web::Response invalid_arguments(const web::Exchange& exchange);

template <auto Handler>
struct Registration : Registration<+Handler> {};

template <class R, class... P, base::Task<R> (*Handler)(P...)>
struct Registration<Handler> {
    static_assert((std::is_same_v<P, std::remove_cvref_t<P>> && ...),
                  "a callback takes its parameters by value: it outlives the request's references");

    static base::Task<web::Response> invoke(const Call& call, web::Exchange& exchange) {
        // Braces evaluate left to right, so errors are reported in the order of the parameters.
        std::tuple<std::optional<P>...> arguments{Parameter<P>::from(call, exchange)...};
        if (!exchange.errors().empty()) co_return invalid_arguments(exchange);
        auto task = std::apply([](auto&... argument) { return Handler(std::move(*argument)...); },
                               arguments);
        const R update = co_await std::move(task);
        co_return update_response(R::outputs(), update.values());
    }

    static Callback make(CallbackOptions options) {
        Callback callback{.outputs = R::outputs(), .options = options, .invoke = &invoke};
        (Parameter<P>::document(callback), ...);
        return callback;
    }
};

}  // namespace detail

/// Makes a callback from a coroutine. Its parameters are Input, State and web::Dep, in any order:
/// base::Task<Update<Figure, Summary>> show_items(Input<"category", "value", Category>
/// category,                                                    web::Dep<ItemsSource> items);
template <auto Handler>
[[nodiscard]] Callback make_callback(CallbackOptions options = {}) {
    return detail::Registration<Handler>::make(options);
}

}  // namespace dash

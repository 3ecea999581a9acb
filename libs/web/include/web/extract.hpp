// Typed extractors: a handler's parameters fetch themselves from the request. Each reports all that
// is wrong with its part, and documents that part.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <base/fixed_string.hpp>
#include <base/plain.hpp>
#include <schema/schema.hpp>
#include <web/etag.hpp>
#include <web/exchange.hpp>
#include <web/operation.hpp>

namespace web {

// The types below only say where a value comes from: a Path<"id", ItemId> is used as the ItemId
// that it is.

/// A parameter of the route's template: Path<"id", ItemId> for "/items/{id}".
template <base::FixedString Name, class T>
struct Path : base::Plain<T> {
    using base::Plain<T>::Plain;
};

/// One field of the query string: Query<"limit", schema::Default<Limit, 20>>. A list takes every
/// field of that name: Query<"tag", Constrained<std::vector<Tag>, max_items(10)>> for ?tag=a&tag=b.
template <base::FixedString Name, class T>
struct Query : base::Plain<T> {
    using base::Plain<T>::Plain;
};

/// The whole query string as a described struct; fields that it does not have are refused.
template <schema::Described T>
struct QueryParams : base::Plain<T> {
    using base::Plain<T>::Plain;
};

/// A header field: Header<"X-Client", std::optional<std::string>>.
template <base::FixedString Name, class T>
struct Header : base::Plain<T> {
    using base::Plain<T>::Plain;
};

/// The JSON body.
template <class T>
struct Body : base::Plain<T> {
    using base::Plain<T>::Plain;
};

/// The body as a JSON Merge Patch (RFC 7396): T's members are schema::Omissible.
/// application/merge-patch+json, or application/json for clients that know no better.
template <class T>
struct MergePatch : base::Plain<T> {
    using base::Plain<T>::Plain;
};

/// The entity tags of If-Match (RFC 9110, section 13.1.1); nullopt: the client sent none.
struct IfMatch : base::Plain<std::optional<EntityTags>> {
    using Plain::Plain;
};

/// The entity tags of If-None-Match (RFC 9110, section 13.1.2), for endpoints that change
/// something; for those that read, the reply answers it. nullopt: the client sent none.
struct IfNoneMatch : base::Plain<std::optional<EntityTags>> {
    using Plain::Plain;
};

/// An object that was given to App::provide().
template <class T>
struct Dep {
    T* value;
    [[nodiscard]] T& operator*() const noexcept { return *value; }
    [[nodiscard]] T* operator->() const noexcept { return value; }
};

/// A type becomes a handler's parameter by specialising Extract with
///   std::optional<P> from(Exchange&)             nullopt: failed or refused through the exchange,
///   void document(Operation&, schema::Components&).
template <class P>
struct Extract;

namespace detail {

// The issues of decoding go to the exchange with the part of the request they are about.
template <class T>
std::optional<T> decode_part(Exchange& exchange, std::string_view in, std::string_view name,
                             const schema::Value& value) {
    std::vector<schema::Issue> issues;
    const schema::Issues root(issues);
    std::optional<T> result;
    if (name.empty()) {
        result = schema::Codec<T>::decode(value, root);
    } else {
        result = schema::Codec<T>::decode(value, root.at(name));
    }
    for (const auto& issue : issues)
        exchange.fail(in, issue);
    return result;
}

// An optional text part: absent, or decoded.
template <class T>
std::optional<T> decode_text_part(Exchange& exchange, std::string_view in, std::string_view name,
                                  std::optional<std::string_view> text) {
    if (text) return decode_part<T>(exchange, in, name, schema::Value::from_text(*text));
    if constexpr (schema::MayBeAbsent<T>) {
        return schema::Codec<T>::absent();
    } else {
        exchange.fail(in, {"/" + std::string(name), "missing", "is required"});
        return std::nullopt;
    }
}

// The body parsed as JSON, or nullopt after a refusal: 415 or 400.
[[nodiscard]] std::optional<schema::Value> parse_body(Exchange& exchange, bool merge_patch);
// The one field of that name; a field given twice fails.
[[nodiscard]] std::optional<std::string_view> query_field(Exchange& exchange,
                                                          std::string_view name);
// All fields of that name, as an array.
[[nodiscard]] schema::Value query_list(Exchange& exchange, std::string_view name);

// Fields of a query string or form as an object for the codec of a struct: those of lists are
// gathered into arrays, which are there even when empty.
class QueryValues {
public:
    explicit QueryValues(std::span<const std::string_view> lists);
    void add(std::string_view name, schema::Value value);
    [[nodiscard]] schema::Value object() && { return std::move(object_); }

private:
    std::size_t lists_;  // the first so many members are lists
    schema::Value object_{.kind = schema::Value::Kind::kObject};
};
[[nodiscard]] schema::Value query_object(Exchange& exchange,
                                         std::span<const std::string_view> lists);

// The names of T's members that are lists.
template <schema::Described T>
[[nodiscard]] std::span<const std::string_view> list_members() {
    static const auto names = [] {
        std::vector<std::string_view> result;
        boost::mp11::mp_for_each<base::Members<T>>([&result](auto member) {
            if constexpr (schema::List<base::MemberType<decltype(member), T>>) {
                result.emplace_back(member.name);
            }
        });
        return result;
    }();
    return names;
}
// null is how JSON says "absent"; a query string or header has no null.
[[nodiscard]] boost::json::object without_null(boost::json::object schema);
void document_body(Operation& operation, boost::json::object schema, bool merge_patch);

}  // namespace detail

template <base::FixedString Name, class T>
struct Extract<Path<Name, T>> {
    static constexpr std::string_view path_parameter = Name.view();

    static std::optional<Path<Name, T>> from(Exchange& exchange) {
        const auto text = schema::Value::from_text(exchange.path_parameter(Name.view()));
        auto value = detail::decode_part<T>(exchange, "path", Name.view(), text);
        if (!value) return std::nullopt;
        return Path<Name, T>(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        operation.add_parameter("path", Name.view(), true, schema::Codec<T>::describe(components));
    }
};

template <base::FixedString Name, class T>
struct Extract<Query<Name, T>> {
    static std::optional<Query<Name, T>> from(Exchange& exchange) {
        std::optional<T> value;
        if constexpr (schema::List<T>) {
            const auto list = detail::query_list(exchange, Name.view());
            value = detail::decode_part<T>(exchange, "query", Name.view(), list);
        } else {
            const auto text = detail::query_field(exchange, Name.view());
            value = detail::decode_text_part<T>(exchange, "query", Name.view(), text);
        }
        if (!value) return std::nullopt;
        return Query<Name, T>(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        operation.add_parameter("query", Name.view(), !schema::may_be_left_out<T>(),
                                detail::without_null(schema::Codec<T>::describe(components)));
    }
};

template <schema::Described T>
struct Extract<QueryParams<T>> {
    static std::optional<QueryParams<T>> from(Exchange& exchange) {
        auto value = detail::decode_part<T>(
            exchange, "query", "", detail::query_object(exchange, detail::list_members<T>()));
        if (!value) return std::nullopt;
        return QueryParams<T>(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        boost::mp11::mp_for_each<base::Members<T>>([&](auto member) {
            using Type = base::MemberType<decltype(member), T>;
            operation.add_parameter(
                "query", member.name, !schema::may_be_left_out<Type>(),
                detail::without_null(schema::Codec<Type>::describe(components)));
        });
    }
};

template <base::FixedString Name, class T>
struct Extract<Header<Name, T>> {
    static std::optional<Header<Name, T>> from(Exchange& exchange) {
        const auto text = exchange.request().headers.joined(Name.view());
        auto value = detail::decode_text_part<T>(exchange, "header", Name.view(), text);
        if (!value) return std::nullopt;
        return Header<Name, T>(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        operation.add_parameter("header", Name.view(), !schema::MayBeAbsent<T>,
                                detail::without_null(schema::Codec<T>::describe(components)));
    }
};

namespace detail {

template <class Extractor, class T, bool merge_patch>
struct ExtractJson {
    static std::optional<Extractor> from(Exchange& exchange) {
        const auto json = parse_body(exchange, merge_patch);
        if (!json) return std::nullopt;
        auto value = decode_part<T>(exchange, "body", "", *json);
        if (!value) return std::nullopt;
        return Extractor(std::move(*value));
    }
    static void document(Operation& operation, schema::Components& components) {
        document_body(operation, schema::Codec<T>::describe(components), merge_patch);
        for (const int status : {400, 413, 415})
            operation.add_problem(status, components);
    }
};

}  // namespace detail

template <class T>
struct Extract<Body<T>> : detail::ExtractJson<Body<T>, T, false> {};

template <class T>
struct Extract<MergePatch<T>> : detail::ExtractJson<MergePatch<T>, T, true> {};

template <>
struct Extract<IfMatch> {
    static std::optional<IfMatch> from(Exchange& exchange);
    static void document(Operation& operation, schema::Components& components);
};

template <>
struct Extract<IfNoneMatch> {
    static std::optional<IfNoneMatch> from(Exchange& exchange);
    static void document(Operation& operation, schema::Components& components);
};

template <class T>
struct Extract<Dep<T>> {
    using dependency = T;

    static std::optional<Dep<T>> from(Exchange& exchange) {
        // App refuses to start without it.
        return Dep<T>{exchange.dependencies().find<T>()};
    }
    static void document(Operation&, schema::Components&) {}
};

}  // namespace web

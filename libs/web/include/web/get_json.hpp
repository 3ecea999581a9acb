// A typed answer of another service: GET, and its JSON as a T.
#pragma once

#include <algorithm>
#include <expected>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <base/task.hpp>
#include <schema/list.hpp>
#include <schema/schema.hpp>
#include <web/client.hpp>

namespace web {

/// Why there is no answer that can be used.
struct AnswerError {
    enum class Kind {
        kAway,        ///< no answer in time, or 429 or 5xx: it may pass by itself
        kRefused,     ///< any other status than 200: the request is wrong
        kUnreadable,  ///< 200 with a body that is not a T: the two services disagree
    };
    Kind kind = Kind::kAway;
    std::string message;  ///< for the log
};

namespace detail {

[[nodiscard]] base::Task<std::expected<schema::Value, AnswerError>> get_value(Client& client,
                                                                              std::string target,
                                                                              CallOptions options);
[[nodiscard]] AnswerError unreadable(const std::vector<schema::Issue>& issues);

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// Drops the members that T, and what T consists of, does not have.
template <class T>
void keep_known_members(schema::Value& value) {
    if constexpr (is_optional<T>) {
        keep_known_members<typename T::value_type>(value);
    } else if constexpr (schema::List<T>) {
        for (auto& item : value.items)
            keep_known_members<typename T::value_type>(item);
    } else if constexpr (schema::Described<T>) {
        std::erase_if(value.members, [](schema::Member& member) {
            bool known = false;
            using Members = base::Members<T>;
            boost::mp11::mp_for_each<Members>([&](auto descriptor) {
                if (member.name != descriptor.name) return;
                known = true;
                using Type = std::remove_cvref_t<decltype(std::declval<T>().*descriptor.pointer)>;
                keep_known_members<Type>(member.value);
            });
            return !known;
        });
    }
}

}  // namespace detail

/// Asks for the target and reads the answer as a T. Members that T does not have are passed over:
/// a server refuses what it does not know, but a client must not, since the other service may tell
/// more one day. Throws only for a bug of the caller: see Client::send().
template <schema::Codable T>
[[nodiscard]] base::Task<std::expected<T, AnswerError>> get_json(Client& client, std::string target,
                                                                 CallOptions options = {}) {
    auto json = co_await detail::get_value(client, std::move(target), options);
    if (!json) co_return std::unexpected(std::move(json).error());
    detail::keep_known_members<T>(*json);
    std::vector<schema::Issue> issues;
    auto answer = schema::Codec<T>::decode(*json, schema::Issues(issues));
    if (!answer) co_return std::unexpected(detail::unreadable(issues));
    co_return *std::move(answer);
}

}  // namespace web

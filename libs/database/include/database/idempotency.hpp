// Requests that may be repeated safely: each Idempotency-Key is served once
// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <base/errors.hpp>
#include <postgres/pool.hpp>
#include <schema/schema.hpp>

namespace database {

/// How long an answer is kept; from then on its key is as good as new.
inline constexpr std::string_view kIdempotencyKeyLifetime = "24 hours";

/// What a key stands for. The request is any text that tells different requests apart.
struct KeyedRequest {
    std::string key;
    std::string request;
};

namespace detail {

struct StoredAnswer {
    bool same_request;
    std::optional<std::string> answer;
};
BOOST_DESCRIBE_STRUCT(StoredAnswer, (), (same_request, answer))

/// Takes the key for this transaction; false: it was used. Waits for a transaction that holds it.
[[nodiscard]] base::Task<bool> claim_key(postgres::Transaction& transaction, KeyedRequest request);
[[nodiscard]] base::Task<StoredAnswer> stored_answer(postgres::Transaction& transaction,
                                                     KeyedRequest request);
[[nodiscard]] base::Task<> store_answer(postgres::Transaction& transaction, std::string key,
                                        std::string answer);

template <class T, class Make>
base::Task<std::optional<T>> answer_once(postgres::Transaction& transaction,
                                         const KeyedRequest& request, Make& make) {
    const bool claimed = co_await claim_key(transaction, request);
    if (claimed) {
        T made = co_await make(transaction);
        co_await store_answer(transaction, request.key, schema::to_json(made));
        co_return made;
    }
    const auto stored = co_await stored_answer(transaction, request);
    if (!stored.same_request) co_return std::nullopt;
    auto answer = schema::from_json<T>(stored.answer.value_or(""));
    if (!answer) throw std::runtime_error("the stored answer cannot be read");
    co_return answer;
}

}  // namespace detail

/// Runs `make(Transaction&)`, which yields a T, unless the key has an answer already: then yields
/// that one. nullopt: the key belongs to another request. Of several at once with one key, one
/// makes the answer while the others wait for it. The key, the answer and what `make` writes are
/// committed together. Throws like postgres::Pool::transaction, but no outcome is unknown: to
/// repeat the request is safe.
template <schema::Codable T, class Make>
[[nodiscard]] base::Task<std::optional<T>> once(postgres::Pool& database, KeyedRequest request,
                                                Make make) {
    const auto body = [&request, &make](postgres::Transaction& transaction) {
        return detail::answer_once<T>(transaction, request, make);
    };
    try {
        co_return co_await database.transaction(body);
    } catch (const base::Unavailable& error) {
        // Whether or not it was committed: with its key the request can be repeated.
        throw base::Unavailable(error.what(), base::Outcome::kNotDone, error.retry_after());
    }
}

/// Forgets keys whose time is over, at most `limit` of them; returns how many.
[[nodiscard]] base::Task<std::int64_t> forget_expired_keys(postgres::QueryRunner& database,
                                                           std::int64_t limit);

}  // namespace database

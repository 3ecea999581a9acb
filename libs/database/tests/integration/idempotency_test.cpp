#include <gtest/gtest.h>

#include <database/idempotency.hpp>

#include "support.hpp"

namespace {

using Answer = std::optional<std::string>;

class Idempotency : public database::testing_support::DatabaseTest {
protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        // As the README has it.
        schema_.execute(
            "create table idempotency_keys ("
            "key text primary key check (char_length(key) between 1 and 255), "
            "fingerprint bytea not null, answer text, "
            "created_at timestamptz not null default now())");
    }

    // Serves the request unless its key has an answer; each new answer is another one.
    Answer serve(std::string key, std::string request) {
        return run(
            database::once<std::string>(pool_, {std::move(key), std::move(request)},
                                        [this](postgres::Transaction&) -> base::Task<std::string> {
                                            if (fails_) throw std::runtime_error("no answer");
                                            co_return fmt::format("answer {}", ++served_);
                                        }));
    }
    void age(std::string_view key) {
        schema_.execute(
            fmt::format("update idempotency_keys set created_at = now() - interval '25 hours' "
                        "where key = '{}'",
                        key));
    }

    bool fails_ = false;
    int served_ = 0;
};

TEST_F(Idempotency, AnswersARepetitionLikeTheFirst) {
    EXPECT_EQ(serve("k", "create a"), "answer 1");
    EXPECT_EQ(serve("k", "create a"), "answer 1");
    EXPECT_EQ(serve("l", "create a"), "answer 2");
}

TEST_F(Idempotency, RefusesAKeyOfAnotherRequest) {
    EXPECT_EQ(serve("k", "create a"), "answer 1");
    EXPECT_EQ(serve("k", "create b"), std::nullopt);
    EXPECT_EQ(served_, 1);
}

TEST_F(Idempotency, LeavesTheKeyOfAFailureFree) {
    fails_ = true;
    EXPECT_THROW((void)serve("k", "create a"), std::runtime_error);
    fails_ = false;
    EXPECT_EQ(serve("k", "create b"), "answer 1");
}

TEST_F(Idempotency, ForgetsAKeyAfterADay) {
    (void)serve("old", "create a");
    (void)serve("young", "create a");
    age("old");
    EXPECT_EQ(serve("old", "create b"), "answer 3");
    age("old");
    EXPECT_EQ(run(database::forget_expired_keys(pool_, 100)), 1);
    EXPECT_EQ(run(database::forget_expired_keys(pool_, 100)), 0);
    EXPECT_EQ(serve("young", "create a"), "answer 2");
}

}  // namespace

#include <gtest/gtest.h>

#include <base/errors.hpp>
#include <database/database.hpp>

namespace {

TEST(DatabaseConfig, IsReadFromTheEnvironment) {
    base::EnvReader env({{"DATABASE_URL", "postgresql://h/d"}, {"MIGRATIONS_DIR", "elsewhere"}});
    const auto config = database::read_config(env, "things", "migrations");
    env.finish();
    EXPECT_EQ(config.name, "things");
    EXPECT_EQ(config.url, "postgresql://h/d");
    EXPECT_EQ(config.migrations_dir, "elsewhere");
}

TEST(DatabaseConfig, NeedsAUrlAndNothingElse) {
    base::EnvReader env(std::map<std::string, std::string>{});
    EXPECT_EQ(database::read_config(env, "things", "migrations").migrations_dir, "migrations");
    EXPECT_THROW(env.finish(), base::ConfigError);
}

}  // namespace

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <test_support/temporary_directory.hpp>

#include <base/errors.hpp>
#include <postgres/migrations.hpp>

namespace {

using postgres::Migrations;

class MigrationFiles : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text) const { files_.write(name, text); }
    // The message of the ConfigError that loading throws.
    [[nodiscard]] std::string refusal() const {
        try {
            static_cast<void>(Migrations::load(directory_));
        } catch (const base::ConfigError& error) {
            return error.what();
        }
        return "accepted";
    }

    test_support::TemporaryDirectory files_;
    const std::filesystem::path directory_ = files_.path();
};

TEST_F(MigrationFiles, AreOrderedByVersion) {
    write("0002_add_price.sql", "alter table items add price int");
    write("0001_create_items.sql", "create table items ()");
    write("README.md", "not a migration");
    const Migrations migrations = Migrations::load(directory_);
    ASSERT_EQ(migrations.all().size(), 2);
    EXPECT_EQ(migrations.all()[0].version, 1);
    EXPECT_EQ(migrations.all()[0].name, "create_items");
    EXPECT_EQ(migrations.all()[1].version, 2);
    EXPECT_EQ(migrations.all()[1].sql, "alter table items add price int");
}

TEST_F(MigrationFiles, HaveTheSha256OfTheirText) {
    write("0001_one.sql", "abc");  // NIST's test vector
    EXPECT_EQ(Migrations::load(directory_).all()[0].checksum,
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(MigrationFiles, MustNotLeaveAGap) {
    write("0001_one.sql", "");
    write("0003_three.sql", "");
    EXPECT_EQ(refusal(), "migration 0002 is missing");
}

TEST_F(MigrationFiles, MustNotShareAVersion) {
    write("0001_one.sql", "");
    write("0001_uno.sql", "");
    EXPECT_EQ(refusal(), "migration 0001 occurs twice");
}

TEST_F(MigrationFiles, MustBeNamedByTheRule) {
    for (const char* name : {"1_one.sql", "0001.sql", "0001_.sql", "0001_One.sql", "0001-one.sql",
                             "one.sql", "+001_one.sql"}) {
        write(name, "");
        EXPECT_THAT(refusal(), testing::HasSubstr("NNNN_lower_case.sql")) << name;
        std::filesystem::remove(directory_ / name);
    }
}

TEST_F(MigrationFiles, MaySayWhichCodeTheyRequire) {
    write("0001_one.sql", "-- Why.\nselect 1;");
    write("0002_two.sql", "-- requires-code: 0001\r\nselect 2;");
    const Migrations migrations = Migrations::load(directory_);
    EXPECT_EQ(migrations.all()[0].requires_code, 0);
    EXPECT_EQ(migrations.all()[1].requires_code, 1);
    for (const char* version : {"", " 0", " 0003", " -1", " one", " 1 2"}) {
        write("0002_two.sql", std::string("-- requires-code:") + version);
        EXPECT_THAT(refusal(), testing::HasSubstr("from 0001 to itself")) << version;
    }
}

TEST_F(MigrationFiles, MustExist) {
    EXPECT_THAT(refusal(), testing::HasSubstr("no migrations in"));
    std::filesystem::remove(directory_);
    EXPECT_THAT(refusal(), testing::HasSubstr("cannot read the directory"));
}

}  // namespace

#include "conninfo.hpp"

#include <gtest/gtest.h>

#include <base/errors.hpp>

namespace {

using postgres::Conninfo;

TEST(Conninfo, ReadsUrisAndKeywordStrings) {
    for (const char* text : {"postgresql://ada:secret@db.example:5433/shop",
                             "user=ada password=secret host=db.example port=5433 dbname=shop"}) {
        const Conninfo conninfo(text, "api");
        EXPECT_EQ(conninfo.value("user"), "ada");
        EXPECT_EQ(conninfo.value("password"), "secret");
        EXPECT_EQ(conninfo.value("host"), "db.example");
        EXPECT_EQ(conninfo.value("port"), "5433");
        EXPECT_EQ(conninfo.value("dbname"), "shop");
    }
}

TEST(Conninfo, IgnoresTheDriverThatAUrlOfSqlAlchemyNames) {
    for (const char* scheme : {"postgresql+asyncpg", "postgresql+psycopg", "postgres+asyncpg"}) {
        const Conninfo conninfo(std::string(scheme) + "://ada:a+b@db.example/shop", "api");
        EXPECT_EQ(conninfo.value("host"), "db.example");
        EXPECT_EQ(conninfo.value("password"), "a+b");
    }
    EXPECT_THROW(Conninfo("mysql+asyncpg://ada@db.example/shop", "api"), base::ConfigError);
}

TEST(Conninfo, FixesTheEncodingAndTheFormats) {
    const Conninfo conninfo("postgresql://localhost/shop?client_encoding=latin1", "api");
    EXPECT_EQ(conninfo.value("client_encoding"), "UTF8");
    EXPECT_EQ(conninfo.value("options"), "-c TimeZone=UTC -c DateStyle=ISO");
}

TEST(Conninfo, KeepsTheOptionsOfTheUrlInFrontOfItsOwn) {
    Conninfo conninfo("postgresql://localhost/shop?options=-csearch_path%3Dapp", "api");
    conninfo.set_option("statement_timeout", "5000");
    EXPECT_EQ(conninfo.value("options"),
              "-csearch_path=app -c TimeZone=UTC -c DateStyle=ISO -c statement_timeout=5000");
}

TEST(Conninfo, LetsTheUrlChooseNameAndKeepalives) {
    const Conninfo conninfo("application_name=mine keepalives_idle=60", "api");
    EXPECT_EQ(conninfo.value("application_name"), "mine");
    EXPECT_EQ(conninfo.value("keepalives_idle"), "60");
    EXPECT_EQ(conninfo.value("tcp_user_timeout"), "10000");
}

TEST(Conninfo, RefusesAnythingElseWithoutShowingIt) {
    try {
        const Conninfo conninfo("postgres//ada:secret@localhost/shop", "api");
        FAIL() << "accepted";
    } catch (const base::ConfigError& error) {
        EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    }
}

}  // namespace

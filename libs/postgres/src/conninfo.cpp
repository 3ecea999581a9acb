#include "conninfo.hpp"

#include <libpq-fe.h>
#include <memory>
#include <new>

#include <fmt/format.h>

#include <base/errors.hpp>

namespace postgres {
namespace {

// The two parallel arrays that libpq wants, ended by nullptr.
template <class Connect>
PGconn* with_arrays(const std::vector<std::pair<std::string, std::string>>& values,
                    Connect connect) {
    std::vector<const char*> keywords;
    std::vector<const char*> texts;
    for (const auto& [keyword, text] : values) {
        keywords.push_back(keyword.c_str());
        texts.push_back(text.c_str());
    }
    keywords.push_back(nullptr);
    texts.push_back(nullptr);
    PGconn* connection = connect(keywords.data(), texts.data());
    if (connection == nullptr) throw std::bad_alloc();
    return connection;
}

// "postgresql://..." out of "postgresql+asyncpg://...": SQLAlchemy's URLs name a driver, which only
// matters there.
std::string without_driver(const std::string& url) {
    const auto scheme = url.substr(0, url.find("://"));
    const auto plus = scheme.find('+');
    const bool names_driver =
        scheme != url && (scheme.starts_with("postgresql+") || scheme.starts_with("postgres+"));
    return names_driver ? url.substr(0, plus) + url.substr(scheme.size()) : url;
}

}  // namespace

Conninfo::Conninfo(const std::string& url, std::string_view application_name) {
    char* error = nullptr;
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
        PQconninfoParse(without_driver(url).c_str(), &error), &PQconninfoFree);
    if (!options) {
        // libpq's message may quote the string, and with it the password.
        PQfreemem(error);
        throw base::ConfigError(
            "the database URL is not a valid PostgreSQL connection string, such as "
            "postgresql://user:password@host:5432/database");
    }
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr) values_.emplace_back(option->keyword, option->val);
    }
    set("client_encoding", "UTF8");
    set_default("application_name", std::string(application_name));
    // Detects within about 15 s that the server's machine is gone, even if nothing is sent.
    set_default("keepalives_idle", "5");
    set_default("keepalives_interval", "3");
    set_default("keepalives_count", "3");
    set_default("tcp_user_timeout", "10000");
    // The text formats that Type<T> reads.
    set_option("TimeZone", "UTC");
    set_option("DateStyle", "ISO");
}

void Conninfo::set_option(std::string_view name, std::string_view value) {
    // Those of the URL come first, so ours win.
    const std::string_view before = this->value("options");
    set("options", fmt::format("{}{}-c {}={}", before, before.empty() ? "" : " ", name, value));
}

void Conninfo::set_connect_timeout(std::chrono::milliseconds timeout) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(timeout);
    // libpq takes 0 for "no limit" and 1 for 2.
    set("connect_timeout", std::to_string(std::max<std::int64_t>(seconds.count(), 2)));
}

PGconn* Conninfo::start() const {
    return with_arrays(values_, [](const char* const* keywords, const char* const* texts) {
        return PQconnectStartParams(keywords, texts, 0);
    });
}

PGconn* Conninfo::connect() const {
    return with_arrays(values_, [](const char* const* keywords, const char* const* texts) {
        return PQconnectdbParams(keywords, texts, 0);
    });
}

std::string_view Conninfo::value(std::string_view keyword) const {
    for (const auto& [key, text] : values_) {
        if (key == keyword) return text;
    }
    return {};
}

void Conninfo::set(std::string_view keyword, std::string value) {
    for (auto& [key, text] : values_) {
        if (key == keyword) {
            text = std::move(value);
            return;
        }
    }
    values_.emplace_back(keyword, std::move(value));
}

void Conninfo::set_default(std::string_view keyword, std::string value) {
    if (this->value(keyword).empty()) set(keyword, std::move(value));
}

}  // namespace postgres

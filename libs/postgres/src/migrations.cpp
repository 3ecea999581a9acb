#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <base/errors.hpp>
#include <postgres/errors.hpp>
#include <postgres/migrations.hpp>
#include <postgres/query_runner.hpp>

namespace postgres {
namespace {

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
    std::string hex;
    for (unsigned int i = 0; i < length; ++i)
        hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

// "0001_create_items" -> 1, "create_items".
bool parse_name(std::string_view stem, Migration& migration) {
    constexpr std::size_t kDigits = 4;
    if (stem.size() < kDigits + 2 || stem[kDigits] != '_') return false;
    const char* const end = stem.data() + kDigits;
    const auto [stopped, error] = std::from_chars(stem.data(), end, migration.version);
    if (error != std::errc() || stopped != end) return false;
    migration.name = stem.substr(kDigits + 1);
    return std::ranges::all_of(migration.name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Migration read(const std::filesystem::path& file) {
    Migration migration;
    if (!parse_name(file.stem().string(), migration)) {
        throw base::ConfigError(
            fmt::format("{}: migrations are named NNNN_lower_case.sql", file.filename().string()));
    }
    std::ifstream in(file, std::ios::binary);
    migration.sql.assign(std::istreambuf_iterator<char>(in), {});
    if (!in) throw base::ConfigError(fmt::format("cannot read {}", file.string()));
    return migration;
}

}  // namespace

Migrations Migrations::load(const std::filesystem::path& directory) {
    std::vector<Migration> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".sql") found.push_back(read(entry->path()));
    }
    if (error) {
        throw base::ConfigError(
            fmt::format("cannot read the directory {}: {}", directory.string(), error.message()));
    }
    if (found.empty()) {
        throw base::ConfigError(fmt::format("no migrations in {}", directory.string()));
    }
    return Migrations(std::move(found));
}

Migrations::Migrations(std::vector<Migration> migrations) : migrations_(std::move(migrations)) {
    std::ranges::sort(migrations_, {}, &Migration::version);
    int expected = 1;
    for (Migration& migration : migrations_) {
        if (migration.version < expected) {
            throw base::ConfigError(fmt::format("migration {:04} occurs twice", migration.version));
        }
        if (migration.version > expected) {
            throw base::ConfigError(fmt::format("migration {:04} is missing", expected));
        }
        migration.checksum = sha256(migration.sql);
        ++expected;
    }
}

namespace {

struct AppliedRow {
    int version = 0;
    std::string checksum;
    friend bool operator==(const AppliedRow&, const AppliedRow&) = default;
};
BOOST_DESCRIBE_STRUCT(AppliedRow, (), (version, checksum))

base::Task<bool> all_applied(QueryRunner* database, std::vector<AppliedRow> wanted) {
    constexpr Statement kApplied{"schema_migrations",
                                 "select version, checksum from schema_migrations"};
    std::vector<AppliedRow> applied;
    try {
        applied = co_await database->query<AppliedRow>(kApplied);
    } catch (const QueryError& error) {
        if (!error.is_undefined_table()) throw;
        co_return false;
    }
    co_return std::ranges::all_of(wanted, [&](const AppliedRow& row) {
        return std::ranges::find(applied, row) != applied.end();
    });
}

}  // namespace

base::Task<bool> schema_is_current(QueryRunner& database, const Migrations& migrations) {
    std::vector<AppliedRow> wanted;
    for (const Migration& migration : migrations.all())
        wanted.push_back({migration.version, migration.checksum});
    return all_applied(&database, std::move(wanted));
}

}  // namespace postgres

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <base/errors.hpp>
#include <base/utf8.hpp>
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

// The version in the line `-- requires-code: NNNN`, or 0 without such a line.
int read_requires_code(const Migration& migration) {
    constexpr std::string_view kMark = "-- requires-code:";
    int required = 0;
    std::istringstream lines(migration.sql);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(kMark)) continue;
        const std::string_view digits =
            base::utf8::trim(std::string_view(line).substr(kMark.size()));
        const char* const end = digits.data() + digits.size();
        const auto [stopped, error] = std::from_chars(digits.data(), end, required);
        if (error != std::errc() || stopped != end || required < 1 ||
            required > migration.version) {
            throw base::ConfigError(
                fmt::format("migration {:04}: requires-code must name a migration from 0001 to "
                            "itself",
                            migration.version));
        }
    }
    return required;
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
        migration.requires_code = read_requires_code(migration);
        ++expected;
    }
}

namespace {

struct AppliedRow {
    int version = 0;
    std::string checksum;
    int requires_code = 0;
};
BOOST_DESCRIBE_STRUCT(AppliedRow, (), (version, checksum, requires_code))

bool is_applied(const std::vector<AppliedRow>& applied, int version, const std::string& checksum) {
    return std::ranges::any_of(applied, [&](const AppliedRow& row) {
        return row.version == version && row.checksum == checksum;
    });
}

}  // namespace

base::Task<SchemaState> check_schema(QueryRunner& database, const Migrations& migrations) {
    constexpr Statement kApplied{"schema_migrations",
                                 "select version, checksum, requires_code from schema_migrations"};
    std::vector<AppliedRow> applied;
    try {
        applied = co_await database.query<AppliedRow>(kApplied);
    } catch (const QueryError& error) {
        // Before the first migration there is no table, and before `requires_code` no such column.
        if (!error.is_undefined_table() && !error.is_undefined_column()) throw;
        co_return SchemaState::kBehind;
    }
    const int newest_known = static_cast<int>(migrations.all().size());
    for (const AppliedRow& row : applied) {
        if (row.requires_code > newest_known) co_return SchemaState::kTooNew;
    }
    for (const Migration& migration : migrations.all()) {
        if (!is_applied(applied, migration.version, migration.checksum)) {
            co_return SchemaState::kBehind;
        }
    }
    co_return SchemaState::kUsable;
}

}  // namespace postgres

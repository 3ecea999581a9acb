#include <array>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <csv/row_reader.hpp>
#include <csv/writer.hpp>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <services/item_csv.hpp>
#include <services/item_list_query.hpp>

#include <base/errors.hpp>
#include <base/use_task.hpp>
#include <database/idempotency.hpp>
#include <postgres/copy.hpp>
#include <postgres/sql.hpp>

namespace app {
namespace {

using base::Result, base::Task;
using postgres::columns_of, postgres::sql;

constexpr postgres::Statement kLoad{"items.import",
                                    sql<"copy items (", columns_of<ItemCreate>, ") from stdin">};

// Each statement of so many rows has the statement timeout, and its triggers, to itself.
constexpr std::size_t kRowsPerCopy = 5'000;
// After so many bytes of a file others on this thread have their turn: about half a millisecond.
constexpr std::size_t kPiece = 64UL * 1024;

constexpr csv::RowLimits kLimits{.rows = kMaxImportRows, .record_bytes = kMaxRowBytes};
constexpr std::array<std::string_view, 3> kNotRead{"id", "created_at", "updated_at"};
static_assert(kNotRead.size() + base::kMemberNames<ItemCreate>.size() ==
              base::kMemberNames<ItemRead>.size());

Task<> let_others_run() {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, base::use_task);
}

std::string_view take_piece(std::string_view& file) {
    const auto piece = file.substr(0, kPiece);
    file.remove_prefix(piece.size());
    return piece;
}

class Sha256 {
public:
    Sha256() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
    void update(std::string_view bytes) {
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    }
    [[nodiscard]] std::string hex() {
        std::array<unsigned char, 32> digest{};
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
        return fmt::format("{:02x}", fmt::join(digest, ""));
    }

private:
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

struct Checked {
    std::vector<schema::Issue> issues;
    std::int64_t rows = 0;
    std::string digest;
};

Task<Checked> check(std::string_view file) {
    std::vector<schema::Issue> issues;
    const schema::Issues body(issues);
    const auto place = body.at("file");
    csv::RowReader<ItemCreate> reader(place, kLimits, kNotRead);
    Sha256 digest;
    while (!file.empty() && !reader.ended()) {
        const auto piece = take_piece(file);
        digest.update(piece);
        reader.feed(piece);
        while (reader.next()) {
        }
        co_await let_others_run();
    }
    reader.finish();
    while (reader.next()) {
    }
    co_return Checked{std::move(issues), static_cast<std::int64_t>(reader.rows()), digest.hex()};
}

// The file has been checked. It is read again, since its rows take more memory than its text.
Task<ItemImport> load(postgres::Transaction& transaction, std::string_view file) {
    std::vector<schema::Issue> issues;
    const schema::Issues place(issues);
    csv::RowReader<ItemCreate> reader(place, kLimits, kNotRead);
    std::optional<postgres::CopyIn> copy;
    std::size_t copied = 0;
    std::int64_t created = 0;
    std::vector<ItemCreate> rows;
    for (bool more = true; more;) {
        more = !file.empty();
        if (more) {
            reader.feed(take_piece(file));
        } else {
            reader.finish();
        }
        rows.clear();
        while (auto row = reader.next())
            rows.push_back(*std::move(row));
        if (!copy) copy.emplace(co_await transaction.copy_in(kLoad));
        co_await copy->write(std::span<const ItemCreate>(rows));
        copied += rows.size();
        if (copied >= kRowsPerCopy || !more) {
            created += co_await copy->finish();
            copy.reset();
            copied = 0;
        }
        co_await let_others_run();
    }
    if (!issues.empty()) throw std::logic_error("a file that was checked has a wrong row");
    co_return ItemImport{.rows = created, .created = created};
}

}  // namespace

Task<std::unique_ptr<ItemCsv::Export>> ItemCsv::write(ItemSelection selection) {
    auto query = export_query(selection);
    const int others = (*exports_)++;
    std::shared_ptr<void> place(nullptr, [exports = exports_](void*) { --*exports; });
    if (others >= kMaxExports) throw base::Unavailable("too many exports are under way");
    auto rows = co_await database_.copy_out({query.name, query.sql}, std::move(query.params));
    co_return std::make_unique<Export>(std::move(rows), std::move(place));
}

Task<Result<ItemImport, KeyReused, InvalidFile>> ItemCsv::read(std::string_view file, bool dry_run,
                                                               std::optional<IdempotencyKey> key) {
    auto checked = co_await check(file);
    if (!checked.issues.empty()) co_return InvalidFile{std::move(checked.issues)};
    if (dry_run) co_return ItemImport{.rows = checked.rows, .created = 0};
    const auto make = [file](postgres::Transaction& transaction) {
        return load(transaction, file);
    };
    if (!key) co_return co_await database_.transaction(make);
    database::KeyedRequest request{*std::move(key), "import items " + checked.digest};
    auto imported = co_await database::once<ItemImport>(database_, std::move(request), make);
    if (!imported) co_return KeyReused();
    co_return *std::move(imported);
}

Task<std::optional<std::string>> ItemCsv::Export::next() {
    if (std::chrono::steady_clock::now() > end_) {
        throw base::Unavailable("the export took too long");
    }
    std::string text;
    if (!std::exchange(has_header_, true)) csv::append_header<ItemRead>(text);
    if (const auto chunk = co_await rows_.next()) {
        postgres::read_copied<ItemRead>(
            *chunk, [&text](const ItemRead& item) { csv::append_row(text, item); });
    }
    if (text.empty()) co_return std::nullopt;
    co_return text;
}

}  // namespace app

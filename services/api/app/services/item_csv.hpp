// Items as CSV files, out of PostgreSQL and into it. No HTTP.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <schemas/item_csv.hpp>
#include <schemas/item_list.hpp>
#include <services/item_service.hpp>

#include <base/result.hpp>
#include <base/task.hpp>
#include <postgres/pool.hpp>

namespace app {

/// What is wrong with a file, by line and column: "/file/17/price".
struct InvalidFile {
    std::vector<schema::Issue> issues;
};

/// Every call throws base::Unavailable while the database cannot be reached.
class ItemCsv {
public:
    class Export;

    /// `database` outlives it; its contexts run the calls.
    explicit ItemCsv(postgres::Pool& database) : database_(database) {}

    /// The items of one moment. At most kMaxExports at once, since each keeps a connection for as
    /// long as its reader takes: throws base::Unavailable for more.
    [[nodiscard]] base::Task<std::unique_ptr<Export>> write(ItemSelection selection);

    /// Creates an item of each row, all of them or none; a dry run only checks them. Columns that
    /// an export has and an item is not created with (id, created_at, updated_at) are not read.
    /// `file` stays valid until this returns. With an idempotency key, a repetition within 24 hours
    /// yields the first outcome; a dry run needs none and takes none.
    [[nodiscard]] base::Task<base::Result<ItemImport, KeyReused, InvalidFile>> read(
        std::string_view file, bool dry_run, std::optional<IdempotencyKey> key);

    static constexpr int kMaxExports = 2;
    static constexpr std::chrono::minutes kExportTime{10};

private:
    postgres::Pool& database_;
    std::shared_ptr<std::atomic<int>> exports_ = std::make_shared<std::atomic<int>>(0);
};

/// A file that is made while it is read, in constant memory. Destroyed before its end it gives its
/// connection back all the same. Used on one thread.
class ItemCsv::Export {
public:
    /// `place`: one of kMaxExports.
    Export(postgres::CopyOut rows, std::shared_ptr<void> place)
        : rows_(std::move(rows)), place_(std::move(place)) {}

    /// The next part, never empty; nullopt at the end. Throws base::Unavailable when the database
    /// fails or kExportTime is over: what was read until then is no complete file.
    [[nodiscard]] base::Task<std::optional<std::string>> next();

private:
    postgres::CopyOut rows_;
    std::shared_ptr<void> place_;
    std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + kExportTime;
    bool has_header_ = false;
};

}  // namespace app

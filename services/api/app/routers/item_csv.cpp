// Items as CSV files: /v1/items.csv and /v1/items/import.
#include <routers/http_errors.hpp>
#include <services/item_csv.hpp>

#include <web/body_limit.hpp>
#include <web/extract.hpp>
#include <web/form.hpp>
#include <web/result.hpp>
#include <web/router.hpp>
#include <web/streamed.hpp>

namespace app {

static web::UnprocessableContent http_error(const InvalidFile& file) {
    return {"The file has invalid rows, and nothing of it was imported; see errors.", "body",
            file.issues};
}

namespace {

using base::Task;
using web::Dep, web::Form, web::Header, web::Query, web::QueryParams, web::Result, web::Streamed;

struct ItemUpload {
    web::UploadedFile file;
};
BOOST_DESCRIBE_STRUCT(ItemUpload, (), (file))

// What the transport asks for, of what the service offers.
class ItemCsvBody final : public web::BodyStream {
public:
    explicit ItemCsvBody(std::unique_ptr<ItemCsv::Export> file) : file_(std::move(file)) {}

    Task<std::optional<std::string>> next() override { return file_->next(); }
    void stop() noexcept override {}  // it has an end of its own

private:
    std::unique_ptr<ItemCsv::Export> file_;
};

// Until an export begins and an import ends.
constexpr std::chrono::minutes kTimeLimit(2);

// GET /v1/items.csv
Task<Streamed<"text/csv">> export_items(QueryParams<ItemSelection> selection, Dep<ItemCsv> csv) {
    auto file = co_await csv->write(std::move(selection));
    co_return Streamed<"text/csv">{.body = std::make_shared<ItemCsvBody>(std::move(file)),
                                   .file_name = "items.csv"};
}

// POST /v1/items/import
Task<Result<ItemImport, KeyReused, InvalidFile>> import_items(
    Header<"Idempotency-Key", std::optional<IdempotencyKey>> key,
    Query<"dry_run", schema::Default<bool, false>> dry_run, Form<ItemUpload> upload,
    Dep<ItemCsv> csv) {
    co_return co_await csv->read(upload.file.bytes, dry_run, std::move(key));
}

}  // namespace

web::Router item_csv_router() {
    return web::Router("/v1", "items")
        .get<"/items.csv", export_items>("Export items as CSV, any number")
        .post<"/items/import", import_items>(
            "Import up to 100,000 items from a CSV file, all or none")
        .use(std::make_shared<web::BodyLimit>(kMaxImportBytes))
        .within(kTimeLimit);
}

}  // namespace app

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include <web/content.hpp>
#include <web/etag.hpp>
#include <web/reply.hpp>
#include <web/static_files.hpp>

#include "coding.hpp"

namespace web {
namespace {

using Files = std::map<std::string, StaticFile, std::less<>>;

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) throw std::runtime_error("cannot read " + path.string());
    return content;
}

// Whether it is a coding of a file beside it.
bool is_coding(const std::filesystem::path& path) {
    const auto extension = path.extension();
    return (extension == ".br" || extension == ".gz") &&
           std::filesystem::is_regular_file(std::filesystem::path(path).replace_extension());
}

Files load(const StaticFilesConfig& config) {
    std::error_code error;
    std::filesystem::recursive_directory_iterator entries(config.directory, error);
    if (error) {
        throw std::runtime_error(fmt::format("cannot read the directory {}: {}",
                                             config.directory.string(), error.message()));
    }
    Files files;
    std::size_t total = 0;
    for (const auto& entry : entries) {
        if (!entry.is_regular_file()) continue;
        const bool coding = is_coding(entry.path());
        auto file_path = entry.path();
        if (coding) file_path.replace_extension();
        auto name = file_path.lexically_relative(config.directory).generic_string();
        if (!config.only.empty() && std::ranges::find(config.only, name) == config.only.end()) {
            continue;
        }
        // Before it is read: a wrong directory may have files of any size.
        total += entry.file_size();
        if (total > config.max_total_bytes) {
            throw std::runtime_error(fmt::format("the files in {} exceed {} bytes",
                                                 config.directory.string(),
                                                 config.max_total_bytes));
        }
        if (coding) continue;
        auto file = static_file(read(file_path), name);
        add_codings(file, file_path);
        files.emplace(std::move(name), std::move(file));
    }
    return files;
}

// The files and the rules by which they are served.
class Site {
public:
    explicit Site(StaticFilesConfig config)
        : config_(std::move(config)), files_(load(config_)), fallback_(files_.end()) {
        if (config_.fallback_page.empty()) return;
        fallback_ = files_.find(config_.fallback_page);
        if (fallback_ == files_.end()) {
            throw std::runtime_error(
                fmt::format("{} has no {}", config_.directory.string(), config_.fallback_page));
        }
    }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    [[nodiscard]] Response answer(const Exchange& exchange) const {
        const auto& path = exchange.path_parameter("path");
        if (const auto found = files_.find(path); found != files_.end()) {
            return file_response(found->second,
                                 is_fingerprinted(path) ? kCacheForever : config_.cache_control,
                                 exchange);
        }
        if (fallback_ == files_.end() || !may_be_a_page(path)) return not_found(exchange);
        const auto accept = exchange.request().headers.joined("Accept");
        auto response = !accept || accepts(*accept, "text/html")
                            ? file_response(fallback_->second, config_.cache_control, exchange)
                            : not_found(exchange);
        response.headers.add("Vary", "Accept");
        return response;
    }

private:
    static Response not_found(const Exchange& exchange) {
        return problem_response({.status = 404, .detail = "There is no such file."},
                                exchange.public_path());
    }

    [[nodiscard]] bool is_fingerprinted(std::string_view path) const {
        const auto& folder = config_.fingerprinted;
        return !folder.empty() && path.starts_with(folder + '/');
    }

    // HTML in place of a script or a picture would only hide that it is missing.
    [[nodiscard]] bool may_be_a_page(std::string_view path) const {
        const auto last_segment = path.substr(path.rfind('/') + 1);
        return !is_fingerprinted(path) && last_segment.find('.') == std::string_view::npos;
    }

    StaticFilesConfig config_;
    Files files_;
    Files::const_iterator fallback_;
};

struct Representation {
    std::shared_ptr<const std::string> content;
    std::string_view coding;  // "": none
    std::string suffix;       // of the entity tag: another coding is another representation
};

Representation chosen_representation(const StaticFile& file, const Request& request) {
    const auto header = request.headers.joined("Accept-Encoding");
    const auto coding = header ? choose_coding(*header) : Coding::kIdentity;
    if (coding == Coding::kBrotli && file.brotli) return {file.brotli, "br", "-br"};
    if (coding == Coding::kGzip && file.gzip) return {file.gzip, "gzip", "-gzip"};
    return {file.content, {}, {}};
}

}  // namespace

std::string_view media_type_of(std::string_view file_name) noexcept {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".ico", "image/x-icon"},
        {".txt", "text/plain; charset=utf-8"},
        {".md", "text/markdown; charset=utf-8"},
        {".woff", "font/woff"},
        {".woff2", "font/woff2"},
        {".wasm", "application/wasm"},
    }};
    for (const auto& [extension, type] : kTypes) {
        if (file_name.ends_with(extension)) return type;
    }
    return "application/octet-stream";
}

StaticFile static_file(std::string content, std::string_view name) {
    auto tag = content_hash(content);
    return {.content = std::make_shared<const std::string>(std::move(content)),
            .entity_tag = std::move(tag),
            .media_type = std::string(media_type_of(name))};
}

void add_codings(StaticFile& file, const std::filesystem::path& path) {
    const auto coding = [&path](const char* extension) -> std::shared_ptr<const std::string> {
        auto coded = path;
        coded += extension;
        if (!std::filesystem::is_regular_file(coded)) return nullptr;
        return std::make_shared<const std::string>(read(coded));
    };
    file.brotli = coding(".br");
    file.gzip = coding(".gz");
}

Response file_response(const StaticFile& file, std::string_view cache_control,
                       const Exchange& exchange) {
    Response response;
    response.headers = {{"Content-Type", file.media_type}};
    const auto chosen = chosen_representation(file, exchange.request());
    response.shared_body = chosen.content;
    detail::apply_entity_tag(response, file.entity_tag + chosen.suffix, exchange,
                             {file.entity_tag, file.entity_tag + "-br", file.entity_tag + "-gzip"});
    // Not of a 412, which nobody may keep.
    if (response.status != 200 && response.status != 304) return response;
    response.headers.set("Cache-Control", std::string(cache_control));
    if (file.brotli || file.gzip) response.headers.add("Vary", "Accept-Encoding");
    if (response.status == 200 && !chosen.coding.empty()) {
        response.headers.set("Content-Encoding", std::string(chosen.coding));
    }
    return response;
}

Router static_files(const std::string& prefix, StaticFilesConfig config) {
    const auto site = std::make_shared<const Site>(std::move(config));
    Router router(prefix);
    router.raw(Method::kGet, "/{*path}",
               [site](Exchange& exchange) { return completed(site->answer(exchange)); });
    return router;
}

}  // namespace web

// Files of a directory, held in memory and served with validators; also a single-page application.
// The build compresses them (infrastructure/docker/compress-files.sh): beside app.js lie app.js.br
// and app.js.gz, which answer clients that accept such a coding.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <web/router.hpp>

namespace web {

struct StaticFilesConfig {
    std::filesystem::path directory;
    /// The files to serve, relative to the directory; empty: all below it. Codings come with their
    /// file, and are not served under their own names.
    std::vector<std::string> only;
    /// Cache-Control of the files. By default browsers revalidate each time, which costs a 304.
    std::string cache_control = "no-cache";
    /// A folder, such as "assets", whose file names contain a fingerprint of the content. Browsers
    /// cache these files for a year. Empty: none.
    std::string fingerprinted;
    /// The page of an application that routes in the browser, such as "index.html". It answers a
    /// path that no file has, for clients that accept HTML, unless the path is plainly a file's: in
    /// the fingerprinted folder, or with a dot in its last segment. Empty: 404 for all of them.
    std::string fallback_page;
    /// More than this in total is refused at start: these files live in memory.
    std::size_t max_total_bytes = 64UL * 1024 * 1024;
};

/// The media type that a file name's extension stands for; application/octet-stream when unknown.
[[nodiscard]] std::string_view media_type_of(std::string_view file_name) noexcept;

/// The Cache-Control of a file whose name changes with its content.
inline constexpr std::string_view kCacheForever = "public, max-age=31536000, immutable";

/// A file in memory.
struct StaticFile {
    std::shared_ptr<const std::string> content;
    std::string entity_tag;  ///< of the content without a coding; "v1" is "v1-br" in br
    std::string media_type;
    std::shared_ptr<const std::string> brotli;  ///< the content in br; nullptr: there is none
    std::shared_ptr<const std::string> gzip;    ///< likewise
};

/// The name tells the media type.
[[nodiscard]] StaticFile static_file(std::string content, std::string_view name);

/// Adds the codings that the build left beside the file: `path`.br and `path`.gz. Throws
/// std::runtime_error for one that cannot be read; one that is not there is no error.
void add_codings(StaticFile& file, const std::filesystem::path& path);

/// 200 in the coding that the request prefers, or what its preconditions make of it (304, 412).
[[nodiscard]] Response file_response(const StaticFile& file, std::string_view cache_control,
                                     const Exchange& exchange);

/// GET (and HEAD) of the regular files below the directory, at `prefix`/<relative path>. The files
/// are read once, now. Throws std::runtime_error when the directory cannot be read, is too large,
/// or lacks the fallback page.
[[nodiscard]] Router static_files(const std::string& prefix, StaticFilesConfig config);

}  // namespace web

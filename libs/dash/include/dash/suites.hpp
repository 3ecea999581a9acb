// The JavaScript of the Dash front end: prebuilt bundles of npm packages, held in memory and served
// at the addresses that the bundles themselves expect.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <web/exchange.hpp>
#include <web/response.hpp>
#include <web/static_files.hpp>

namespace dash {

class Suites {
public:
    /// Reads the bundles from an npm `node_modules` directory (about 10 MB), and the compressed
    /// files that the build left beside them (about 5 MB, see web::add_codings). Throws
    /// std::runtime_error that names the missing files.
    explicit Suites(const std::filesystem::path& node_modules);

    /// The paths that the constructor reads, relative to the directory. An image needs only these.
    [[nodiscard]] static std::vector<std::string> files(const std::filesystem::path& node_modules);

    /// The scripts of the page in the order in which they have to run, relative to
    /// _dash-component-suites/. Their names carry a fingerprint of their content.
    [[nodiscard]] const std::vector<std::string>& scripts() const noexcept { return scripts_; }

    /// plotly.js, which the Graph component loads when the first graph appears.
    [[nodiscard]] const std::string& plotly() const noexcept { return plotly_; }
    [[nodiscard]] const std::string& plotly_version() const noexcept { return plotly_version_; }

    /// A file by its path relative to _dash-component-suites/, or 404. A fingerprinted name may be
    /// cached for a year; any other is revalidated by its ETag.
    [[nodiscard]] web::Response serve(std::string_view path, const web::Exchange& exchange) const;

private:
    struct Entry {
        web::StaticFile file;
        bool fingerprinted = false;
    };

    std::map<std::string, Entry, std::less<>> files_;
    std::vector<std::string> scripts_;
    std::string plotly_;
    std::string plotly_version_;
};

}  // namespace dash

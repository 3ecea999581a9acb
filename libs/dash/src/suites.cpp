#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <dash/suites.hpp>
#include <web/problem.hpp>
#include <web/static_files.hpp>

namespace dash {
namespace {

constexpr std::string_view kManifest = "package.json";

enum class Role {
    kScript,  // part of the page
    kPlotly,  // loaded by the page under the name that it is told
    kLazy     // loaded by a bundle, under the plain name
};

struct Bundle {
    std::string_view package;
    std::string_view file;  // within the package
    std::string_view path;  // below _dash-component-suites/
    Role role = Role::kLazy;
};

// In the order of the script elements. The paths are those of Python's Dash, because a bundle loads
// its later chunks from its own folder.
constexpr std::array kBundles{
    Bundle{"regenerator-runtime", "runtime.js", "dash/deps/regenerator-runtime.js", Role::kScript},
    Bundle{"react", "umd/react.production.min.js", "dash/deps/react.min.js", Role::kScript},
    Bundle{"react-dom", "umd/react-dom.production.min.js", "dash/deps/react-dom.min.js",
           Role::kScript},
    Bundle{"prop-types", "prop-types.min.js", "dash/deps/prop-types.min.js", Role::kScript},
    Bundle{"dash-renderer", "build/dash_renderer.min.js",
           "dash/dash-renderer/build/dash_renderer.min.js", Role::kScript},
    Bundle{"dash-core-components", "dash_core_components/dash_core_components.js",
           "dash/dcc/dash_core_components.js", Role::kScript},
    Bundle{"dash-core-components", "dash_core_components/dash_core_components-shared.js",
           "dash/dcc/dash_core_components-shared.js", Role::kScript},
    Bundle{"dash-html-components", "dash_html_components/dash_html_components.min.js",
           "dash/html/dash_html_components.min.js", Role::kScript},
    Bundle{"dash-table", "dash_table/bundle.js", "dash/dash_table/bundle.js", Role::kScript},
    Bundle{"plotly.js-dist-min", "plotly.min.js", "plotly/package_data/plotly.min.js",
           Role::kPlotly},
    Bundle{"dash-core-components", "dash_core_components/async-datepicker.js",
           "dash/dcc/async-datepicker.js"},
    Bundle{"dash-core-components", "dash_core_components/async-dropdown.js",
           "dash/dcc/async-dropdown.js"},
    Bundle{"dash-core-components", "dash_core_components/async-graph.js",
           "dash/dcc/async-graph.js"},
    Bundle{"dash-core-components", "dash_core_components/async-highlight.js",
           "dash/dcc/async-highlight.js"},
    Bundle{"dash-core-components", "dash_core_components/async-markdown.js",
           "dash/dcc/async-markdown.js"},
    Bundle{"dash-core-components", "dash_core_components/async-mathjax.js",
           "dash/dcc/async-mathjax.js"},
    Bundle{"dash-core-components", "dash_core_components/async-slider.js",
           "dash/dcc/async-slider.js"},
    Bundle{"dash-core-components", "dash_core_components/async-upload.js",
           "dash/dcc/async-upload.js"},
    Bundle{"dash-table", "dash_table/async-export.js", "dash/dash_table/async-export.js"},
    Bundle{"dash-table", "dash_table/async-highlight.js", "dash/dash_table/async-highlight.js"},
    Bundle{"dash-table", "dash_table/async-table.js", "dash/dash_table/async-table.js"},
};

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) {
        throw std::runtime_error(
            fmt::format("cannot read {}: it is part of the Dash front end (npm ci installs it)",
                        path.string()));
    }
    return content;
}

// React comes from the folder where dash-renderer itself would find it. If another package of the
// project uses a newer React, npm installs dash-renderer's version inside dash-renderer.
std::filesystem::path package_directory(const std::filesystem::path& node_modules,
                                        std::string_view package) {
    if (package == "react" || package == "react-dom") {
        auto nested = node_modules / "dash-renderer" / "node_modules" / package;
        if (std::filesystem::is_directory(nested)) return nested;
    }
    return node_modules / package;
}

std::string version_of(const std::filesystem::path& package) {
    const auto manifest = package / kManifest;
    boost::system::error_code error;
    const auto json = boost::json::parse(read(manifest), error);
    const auto* object = json.if_object();
    const auto* version = object == nullptr ? nullptr : object->if_contains("version");
    if (version == nullptr || !version->is_string()) {
        throw std::runtime_error(manifest.string() + " has no version");
    }
    return std::string(version->get_string());
}

// "dash/deps/react.v18_3_1m0123456789abcdef.min.js", the form that Python's Dash gives its names.
std::string fingerprinted(std::string_view path, std::string version,
                          std::string_view content_hash) {
    std::ranges::replace_if(version, [](char c) { return c == '.' || c == '-' || c == '+'; }, '_');
    const auto dot = path.find('.', path.rfind('/'));
    return fmt::format("{}.v{}m{}{}", path.substr(0, dot), version, content_hash, path.substr(dot));
}

}  // namespace

Suites::Suites(const std::filesystem::path& node_modules) {
    for (const auto& bundle : kBundles) {
        const auto package = package_directory(node_modules, bundle.package);
        auto file = web::static_file(read(package / bundle.file), bundle.path);
        web::add_codings(file, package / bundle.file);
        files_[std::string(bundle.path)] = {file, false};
        if (bundle.role == Role::kLazy) continue;

        const auto version = version_of(package);
        const auto name = fingerprinted(bundle.path, version, file.entity_tag);
        files_[name] = {file, true};
        if (bundle.role == Role::kScript) {
            scripts_.push_back(name);
        } else {
            plotly_ = name;
            plotly_version_ = version;
        }
    }
}

std::vector<std::string> Suites::files(const std::filesystem::path& node_modules) {
    std::set<std::string> files;
    const auto add = [&](const std::filesystem::path& file) {
        files.insert(file.lexically_relative(node_modules).generic_string());
    };
    for (const auto& bundle : kBundles) {
        const auto package = package_directory(node_modules, bundle.package);
        add(package / bundle.file);
        for (const auto* coding : {".br", ".gz"}) {
            auto coded = package / bundle.file;
            coded += coding;
            if (std::filesystem::is_regular_file(coded)) add(coded);
        }
        if (bundle.role != Role::kLazy) add(package / kManifest);
    }
    return {files.begin(), files.end()};
}

web::Response Suites::serve(std::string_view path, const web::Exchange& exchange) const {
    const auto found = files_.find(path);
    if (found == files_.end()) {
        return web::problem_response({.status = 404, .detail = "There is no such file."},
                                     exchange.public_path());
    }
    const auto& [file, fingerprinted] = found->second;
    return web::file_response(file, fingerprinted ? web::kCacheForever : "no-cache", exchange);
}

}  // namespace dash

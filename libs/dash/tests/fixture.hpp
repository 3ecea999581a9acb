// A directory that looks like npm's, so that the tests need no installed package.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <test_support/temporary_directory.hpp>

#include <dash/suites.hpp>

namespace dash::tests {

using test_support::TemporaryDirectory;

/// Every bundle, each with its own name as content.
inline void write_node_modules(const TemporaryDirectory& root) {
    const auto package = [&root](const std::string& name, const std::string& version,
                                 std::initializer_list<const char*> files) {
        root.write(name + "/package.json", R"({"version": ")" + version + R"("})");
        for (const std::string file : files)
            root.write(name + '/' + file, "// " + name + '/' + file);
    };
    package("regenerator-runtime", "0.14.1", {"runtime.js"});
    package("dash-renderer/node_modules/react", "18.3.1", {"umd/react.production.min.js"});
    package("dash-renderer/node_modules/react-dom", "18.3.1", {"umd/react-dom.production.min.js"});
    package("prop-types", "15.8.1", {"prop-types.min.js"});
    package("dash-renderer", "3.4.1", {"build/dash_renderer.min.js"});
    package("dash-html-components", "4.5.0", {"dash_html_components/dash_html_components.min.js"});
    package("dash-core-components", "4.5.0",
            {"dash_core_components/dash_core_components.js",
             "dash_core_components/dash_core_components-shared.js",
             "dash_core_components/async-datepicker.js", "dash_core_components/async-dropdown.js",
             "dash_core_components/async-graph.js", "dash_core_components/async-highlight.js",
             "dash_core_components/async-markdown.js", "dash_core_components/async-mathjax.js",
             "dash_core_components/async-slider.js", "dash_core_components/async-upload.js"});
    package("dash-table", "7.4.1",
            {"dash_table/bundle.js", "dash_table/async-export.js", "dash_table/async-highlight.js",
             "dash_table/async-table.js"});
    package("plotly.js-dist-min", "3.7.0", {"plotly.min.js"});
}

/// The bundles of such a directory, read once for all tests of a program.
inline std::shared_ptr<const Suites> fake_suites() {
    static const auto suites = [] {
        const TemporaryDirectory root;
        write_node_modules(root);
        return std::make_shared<const Suites>(root.path());
    }();
    return suites;
}

}  // namespace dash::tests

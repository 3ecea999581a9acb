#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/config.hpp>
#include <base/decimal.hpp>
#include <base/errors.hpp>
#include <base/utf8.hpp>

namespace base {
namespace {

// Far longer than any password, URL or key; prevents that a wrong path fills the memory.
constexpr std::size_t kLongestSecret = 64 * 1024;

struct SecretFile {
    std::string content;  ///< without the line break at its end
    std::string problem;  ///< the problem; empty: none
};

SecretFile read_secret_file(const std::string& path) {
    const auto unreadable = [] {
        return SecretFile{"", "cannot be read: " + std::generic_category().message(errno)};
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) return unreadable();
    std::string content(kLongestSecret + 1, '\0');
    content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    if (std::ferror(file.get()) != 0) return unreadable();
    if (content.size() > kLongestSecret) {
        return {"", fmt::format("is longer than {} bytes, so it is not a secret", kLongestSecret)};
    }
    for (const char end : {'\n', '\r'}) {
        if (content.ends_with(end)) content.pop_back();
    }
    return {std::move(content), ""};
}

}  // namespace

EnvReader::EnvReader()
    : EnvReader([](const std::string& name) -> std::optional<std::string> {
          const char* value = std::getenv(name.c_str());
          if (value == nullptr) return std::nullopt;
          return std::string(value);
      }) {}

EnvReader::EnvReader(Lookup lookup) : lookup_(std::move(lookup)) {}

EnvReader::EnvReader(std::map<std::string, std::string> variables)
    : EnvReader([variables =
                     std::move(variables)](const std::string& name) -> std::optional<std::string> {
          const auto found = variables.find(name);
          if (found == variables.end()) return std::nullopt;
          return found->second;
      }) {}

std::optional<std::string> EnvReader::find(const std::string& name) const {
    auto value = lookup_(name);
    if (value && value->empty()) return std::nullopt;
    return value;
}

void EnvReader::problem(const std::string& name, std::string_view what) {
    problems_.push_back(fmt::format("{}: {}", name, what));
}

std::string EnvReader::text(const std::string& name, std::string fallback) {
    return find(name).value_or(std::move(fallback));
}

std::string EnvReader::required(const std::string& name, std::string_view purpose) {
    auto value = find(name);
    if (!value) problem(name, fmt::format("is not set; it is {}", purpose));
    return std::move(value).value_or("");
}

std::string EnvReader::secret(const std::string& name, std::string_view purpose) {
    const auto name_of_file = name + "_FILE";
    const auto path = find(name_of_file);
    if (!path) return required(name, purpose);
    if (find(name)) {
        problem(name, fmt::format("is set, and so is {}; set one of them", name_of_file));
        return "";
    }
    auto file = read_secret_file(*path);
    if (!file.problem.empty()) {
        problem(name_of_file, fmt::format("\"{}\" {}", *path, file.problem));
    } else if (file.content.empty()) {
        problem(name_of_file, fmt::format("\"{}\" is empty; it holds {}", *path, purpose));
    }
    return std::move(file.content);
}

std::int64_t EnvReader::integer(const std::string& name, std::int64_t fallback, std::int64_t lowest,
                                std::int64_t highest) {
    const auto value = find(name);
    if (!value) return fallback;
    std::int64_t number = 0;
    const char* const last = value->data() + value->size();
    const auto [end, error] = std::from_chars(value->data(), last, number);
    if (error != std::errc() || end != last || number < lowest || number > highest) {
        problem(name,
                fmt::format("\"{}\" is not a whole number from {} to {}", *value, lowest, highest));
        return fallback;
    }
    return number;
}

bool EnvReader::flag(const std::string& name, bool fallback) {
    auto value = find(name);
    if (!value) return fallback;
    std::ranges::transform(*value, value->begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    for (const auto* word : {"true", "1", "yes", "on"}) {
        if (*value == word) return true;
    }
    for (const auto* word : {"false", "0", "no", "off"}) {
        if (*value == word) return false;
    }
    problem(name, fmt::format("\"{}\" is neither true nor false", *value));
    return fallback;
}

std::chrono::milliseconds EnvReader::seconds(const std::string& name,
                                             std::chrono::milliseconds fallback,
                                             std::chrono::milliseconds highest) {
    const auto value = find(name);
    if (!value) return fallback;
    const auto parsed = Decimal<3>::parse(*value);
    const std::chrono::milliseconds duration(parsed.value.units());
    if (parsed.error || duration.count() < 0 || duration > highest) {
        problem(name,
                fmt::format("\"{}\" is not a number of seconds from 0 to {}", *value,
                            std::chrono::duration_cast<std::chrono::seconds>(highest).count()));
        return fallback;
    }
    return duration;
}

double EnvReader::fraction(const std::string& name, double fallback) {
    const auto value = find(name);
    if (!value) return fallback;
    constexpr std::int64_t kOne = 1'000'000;
    const auto parsed = Decimal<6>::parse(*value);
    if (parsed.error || parsed.value.units() < 0 || parsed.value.units() > kOne) {
        problem(name, fmt::format("\"{}\" is not a number from 0 to 1", *value));
        return fallback;
    }
    return static_cast<double>(parsed.value.units()) / static_cast<double>(kOne);
}

std::string EnvReader::choice(const std::string& name, std::string fallback,
                              const std::vector<std::string>& allowed) {
    auto value = find(name);
    if (!value) return fallback;
    if (std::ranges::find(allowed, *value) == allowed.end()) {
        problem(name, fmt::format("\"{}\" is none of {}", *value, fmt::join(allowed, ", ")));
        return fallback;
    }
    return *std::move(value);
}

std::vector<std::string> EnvReader::list(const std::string& name) {
    std::vector<std::string> values;
    const auto joined = find(name).value_or("");
    std::string_view rest = joined;
    while (!rest.empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto value = utf8::trim(rest.substr(0, comma));
        if (!value.empty()) values.emplace_back(value);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return values;
}

void EnvReader::finish() const {
    if (problems_.empty()) return;
    throw ConfigError(fmt::format("{}", fmt::join(problems_, "\n")));
}

}  // namespace base

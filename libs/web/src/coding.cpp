#include "coding.hpp"

#include <algorithm>
#include <optional>

#include <web/content.hpp>
#include <web/http.hpp>

namespace web {

Coding choose_coding(std::string_view accept_encoding) noexcept {
    std::optional<int> br;
    std::optional<int> gzip;
    std::optional<int> identity;
    int others = 0;
    while (const auto preference = take_preference(accept_encoding)) {
        const auto name = preference->value;
        const int weight = preference->weight.value_or(0);
        if (iequals(name, "br")) br = weight;
        if (iequals(name, "gzip") || iequals(name, "x-gzip")) gzip = weight;
        if (iequals(name, "identity")) identity = weight;
        if (name == "*") others = weight;
    }
    const int br_weight = br.value_or(others);
    const int gzip_weight = gzip.value_or(others);
    const int best = std::max(br_weight, gzip_weight);
    if (best == 0 || identity.value_or(0) > best) return Coding::kIdentity;
    return br_weight == best ? Coding::kBrotli : Coding::kGzip;
}

}  // namespace web

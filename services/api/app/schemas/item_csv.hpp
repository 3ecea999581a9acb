// Items as CSV files: how large they may be, and what an import answers.
#pragma once

#include <cstddef>
#include <cstdint>

#include <base/fixed_string.hpp>
#include <schema/schema.hpp>

namespace app {

inline constexpr std::size_t kMaxImportRows = 100'000;
/// A row may be larger, up to kMaxRowBytes, as long as the rows of a file are not on average: the
/// largest item has 9 KB, and nobody could import 900 MB at once.
inline constexpr std::size_t kImportBytesPerRow = 512;
/// Of the whole request.
inline constexpr std::size_t kMaxImportBytes = kMaxImportRows * kImportBytesPerRow;
/// More than the largest item takes, so that a text that is too long is reported as such.
inline constexpr std::size_t kMaxRowBytes = 64UL * 1024;

struct ItemImport {
    std::int64_t rows;     ///< of the file
    std::int64_t created;  ///< all of them; none by a dry run
};
BOOST_DESCRIBE_STRUCT(ItemImport, (), (rows, created))
inline std::string_view example(std::type_identity<ItemImport>) {
    return R"({"rows": 2, "created": 2})";
}

}  // namespace app

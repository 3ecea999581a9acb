#include <algorithm>

#include <csv/row_reader.hpp>
#include <csv/writer.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/utf8.hpp>

namespace csv::detail {
namespace {

bool has(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

const schema::Value* ValueReader::next() {
    while (!ended_) {
        const auto record = reader_.next();
        if (!record) {
            if (reader_.error()) {
                fail_syntax(*reader_.error());
            } else if (finished_) {
                fail_end();
            }
            return nullptr;
        }
        line_ = record->line;
        if (!has_header_) {
            has_header_ = true;
            ended_ = !read_header(*record);
        } else if (rows_ == limits_.rows) {
            file_.at(line_).fail("too_many_rows",
                                 fmt::format("must have at most {} rows", limits_.rows));
            ended_ = true;
        } else {
            ++rows_;
            if (fill(*record)) return &row_;
            ended_ = file_.full();
        }
    }
    return nullptr;
}

bool ValueReader::read_header(const Record& header) {
    const auto line = file_.at(header.line);
    row_.kind = schema::Value::Kind::kObject;
    bool valid = true;
    for (const auto& cell : header.cells) {
        const auto name = base::utf8::trim(cell.text);
        const auto place = line.at(name);
        const bool repeated = has(header_, name);
        header_.emplace_back(name);
        auto& target = targets_.emplace_back();
        const auto column = std::ranges::find(columns_, name, &Column::name);
        if (repeated) {
            place.fail("repeated_column", "must be there once");
            valid = false;
        } else if (column != columns_.end()) {
            target = Target{.member = row_.members.size(), .optional = column->optional};
            row_.members.push_back({std::string(name), {}});
        } else if (!has(ignored_, name)) {
            place.fail("unknown_column", "is not a column of this file");
            valid = false;
        }
    }
    for (const auto& [name, optional] : columns_) {
        if (optional || has(header_, name)) continue;
        line.at(name).fail("missing_column", "must be a column of the header");
        valid = false;
    }
    return valid;
}

bool ValueReader::fill(const Record& record) {
    const auto line = file_.at(record.line);
    if (record.cells.size() != header_.size()) {
        line.fail("cell_count", fmt::format("must have {} cells as the header has, not {}",
                                            header_.size(), record.cells.size()));
        return false;
    }
    bool valid = true;
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
        if (!targets_[i]) continue;
        const auto& cell = record.cells[i];
        auto& [name, value] = row_.members[targets_[i]->member];
        const bool absent = targets_[i]->optional && cell.text.empty() && !cell.quoted;
        value.kind = absent ? schema::Value::Kind::kNull : schema::Value::Kind::kText;
        value.text = without_apostrophe(cell.text);
        if (base::utf8::length(cell.text)) continue;
        line.at(name).fail("invalid_utf8", "must be valid UTF-8");
        valid = false;
    }
    return valid;
}

void ValueReader::fail_syntax(const SyntaxError& error) {
    ended_ = true;
    // Named by the header where there is one: a record may be broken in the header itself.
    const auto line = file_.at(error.line);
    if (error.cell <= header_.size()) {
        line.at(header_[error.cell - 1]).fail(error.code, error.message);
    } else {
        line.fail(error.code, error.message);
    }
}

void ValueReader::fail_end() {
    ended_ = true;
    if (!has_header_) {
        file_.fail("empty", "must have a header and at least one row");
    } else if (rows_ == 0) {
        file_.fail("no_rows", "must have at least one row below its header");
    }
}

}  // namespace csv::detail

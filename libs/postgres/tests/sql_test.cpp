#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <base/decimal.hpp>
#include <postgres/array.hpp>
#include <postgres/params.hpp>
#include <postgres/sql.hpp>

namespace {

using postgres::sql;

// What schema::Constrained and schema::Omissible are, without depending on them.
class Price {
public:
    using value_type = base::Decimal<2>;
    static Price trusted(value_type value) { return Price(value); }
    [[nodiscard]] const value_type& value() const { return value_; }

private:
    explicit Price(value_type value) : value_(value) {}
    value_type value_;
};

template <class T>
struct Maybe {
    std::optional<T> held;
    [[nodiscard]] bool present() const { return held.has_value(); }
    [[nodiscard]] const T& operator*() const { return *held; }
};

struct NewItem {
    std::string name;
    std::optional<Price> price;
    std::int32_t quantity;
};
BOOST_DESCRIBE_STRUCT(NewItem, (), (name, price, quantity))

struct ItemKey {
    std::int64_t id;
};
BOOST_DESCRIBE_STRUCT(ItemKey, (), (id))

struct Item : ItemKey, NewItem {
    base::Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Item, (ItemKey, NewItem), (created_at))

struct Patch {
    Maybe<std::string> name;
    Maybe<std::optional<Price>> price;
};
BOOST_DESCRIBE_STRUCT(Patch, (), (name, price))

std::string shown(const postgres::Params& params) {
    std::string out;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const char* const value = params.value(i);
        out += i > 0 ? "|" : "";
        out += value == nullptr ? "NULL" : value;
    }
    return out;
}

TEST(Sql, NamesTheColumnsOfAStructAndOfItsBases) {
    static_assert(sql<"select ", postgres::columns_of<Item>, " from items"> ==
                  "select id, name, price, quantity, created_at from items");
}

TEST(Sql, NumbersTheParametersOfAStruct) {
    static_assert(sql<"values (", postgres::parameters_of<NewItem>, ")"> == "values ($1, $2, $3)");
    static_assert(sql<postgres::assignments_of<NewItem, 9>> ==
                  "name = $9, price = $10, quantity = $11");
}

TEST(Sql, CastsTheColumnsOfManyRowsToArrays) {
    static_assert(sql<postgres::arrays_of<NewItem>> == "$1::text[], $2::numeric[], $3::integer[]");
}

TEST(Sql, ChangesOnlyWhatAPatchHas) {
    static_assert(sql<postgres::changes_of<Patch, 2>> ==
                  "name = case when $2 then $3 else name end, "
                  "price = case when $4 then $5 else price end");
}

TEST(Params, TakeAStructAsOneParameterForEachMember) {
    const auto price = Price::trusted(base::Decimal<2>::from_units(1250));
    EXPECT_EQ(shown(postgres::Params(std::int64_t{1}, NewItem{"Lamp", price, 3})),
              "1|Lamp|12.50|3");
    EXPECT_EQ(shown(postgres::Params(NewItem{"Lamp", std::nullopt, 3})), "Lamp|NULL|3");
}

TEST(Params, TellWhetherAMemberOfAPatchIsThereAndItsValue) {
    EXPECT_EQ(shown(postgres::Params(Patch{{"Lamp"}, {}})), "t|Lamp|f|NULL");
    EXPECT_EQ(shown(postgres::Params(Patch{{}, {std::optional<Price>()}})), "f|NULL|t|NULL");
}

}  // namespace

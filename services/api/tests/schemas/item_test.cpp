#include <gtest/gtest.h>
#include <schemas/item.hpp>

namespace {

TEST(ItemVersion, IsReadBackFromTheEntityTag) {
    auto item = *schema::from_json<app::ItemRead>(example(std::type_identity<app::ItemRead>()));
    item.updated_at = base::Timestamp(std::chrono::microseconds(1'767'225'600'000'001));
    EXPECT_EQ(app::version_of_entity_tag(app::entity_tag(item)), item.updated_at);
    for (const auto* tag : {"", "xyz", "12 ", "ffffffffffffffffff", "-1", "-7fffffffffffffff",
                            "7fffffffffffffff", "0064786b3e0c001", "64786B3E0C001"}) {
        EXPECT_EQ(app::version_of_entity_tag(tag), std::nullopt) << tag;
    }
}

}  // namespace

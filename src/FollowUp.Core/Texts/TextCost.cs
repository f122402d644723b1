using System.Globalization;
using FollowUp.Core.Contacts;
using FollowUp.Core.Sending;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Core.Texts;

/// <summary>What sending costs, as an estimate from list prices. The table, with its sources, is <c>sms-prices.csv</c> beside this file.</summary>
public static class TextCost
{
    private static readonly Lazy<Dictionary<string, SmsPrice>> Prices = new(Read);

    /// <summary>US dollars for a text of so many segments; null where no list price is known. Carrier surcharges come on top.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="segments"/> is negative.</exception>
    public static decimal? Estimate(int segments, PhoneNumber to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(segments);
        return segments * PriceOf(to)?.UsdPerSegment;
    }

    /// <summary>The row of the table that the number falls under, the longest prefix deciding; null if there is none.</summary>
    public static SmsPrice? PriceOf(PhoneNumber to)
    {
        ArgumentNullException.ThrowIfNull(to);
        string digits = to.E164[1..];
        for (int length = digits.Length; length > 0; length--)
        {
            if (Prices.Value.TryGetValue(digits[..length], out SmsPrice? price))
            {
                return price;
            }
        }

        return null;
    }

    private static Dictionary<string, SmsPrice> Read()
    {
        Dictionary<string, SmsPrice> prices = new(StringComparer.Ordinal);
        foreach (string[] values in Table.Read("Texts/sms-prices"))
        {
            decimal? dollars = values[2].Length == 0 ? null : decimal.Parse(values[2], CultureInfo.InvariantCulture);
            SmsPrice price = new(values[0], dollars, values[3], LocalDatePattern.Iso.Parse(values[4]).Value);
            foreach (string prefix in values[1].Split(' '))
            {
                prices.Add(prefix, price);
            }
        }

        return prices;
    }
}

/// <summary>A row of the price table.</summary>
/// <param name="Country">ISO 3166 code; <c>XX</c> for several countries together.</param>
/// <param name="UsdPerSegment">List price in US dollars, without carrier surcharges; null if unknown.</param>
/// <param name="Source">Where the price was read.</param>
/// <param name="AsOf">When.</param>
public sealed record SmsPrice(string Country, decimal? UsdPerSegment, string Source, LocalDate AsOf);

using System.Globalization;

namespace FollowUp.Dashboard.Drawing;

internal static class Svg
{
    public static string N(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}

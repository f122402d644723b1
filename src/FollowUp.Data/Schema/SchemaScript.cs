using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Data.Schema;

/// <summary>One numbered script of a database kind. Released scripts are immutable: the checksum says so.</summary>
internal sealed record SchemaScript(int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the script with line feeds alone, so that a check-out with other line ends is the same script.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The scripts of one folder under Schema, by number.</summary>
    public static IReadOnlyList<SchemaScript> For(string provider)
    {
        var assembly = typeof(SchemaScript).Assembly;
        var prefix = $"Schema/{provider}/";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Replace('\\', '/').StartsWith(prefix, StringComparison.Ordinal))
            .Select(Read)
            .OrderBy(script => script.Number)];

        SchemaScript Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource.Replace('\\', '/')[prefix.Length..];
            return new SchemaScript(int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}

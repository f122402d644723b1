// One private endpoint, and the private zone in which the service's own name leads to it.

@description('Name of the endpoint.')
param name string

@description('Region of the endpoint: that of the network.')
param location string

@description('Tags of the endpoint.')
param tags object

@description('Id of the subnet that holds the endpoint.')
param subnetId string

@description('Id of the virtual network that the zone is linked to.')
param networkId string

@description('Id of the resource that the endpoint leads to.')
param targetId string

@description('Which part of the resource, such as blob or vault.')
param groupId string

@description('Name of the private DNS zone, such as privatelink.vaultcore.azure.net.')
param zoneName string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: last(split(networkId, '/'))!
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: targetId
          groupIds: [groupId]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: replace(zoneName, '.', '-')
        properties: {
          privateDnsZoneId: zone.id
        }
      }
    ]
  }
  dependsOn: [link]
}
